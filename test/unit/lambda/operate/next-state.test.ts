import { NEVER_OPERATED, NO_PROOF, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { foresee, isRefused } from '../../../../lambda/src/operate/foresee.ts';
import { nextState } from '../../../../lambda/src/operate/next-state.ts';
import { environmentOf, NOW, OPERATOR, requestOf } from '../../../builders.ts';

/** The wanted state that a request leads to. */

const LATER = NOW + 60_000;
const isoAt = (ms: number) => new Date(ms).toISOString();
const environment = environmentOf();
const [service] = environment.services;
if (!service) throw new Error('the test has no service');

type Request = Parameters<typeof requestOf>[0];
const wants = (state: ServiceState, request: Request = {}, now = NOW, isForeign = false) =>
  nextState(service, state, requestOf(request), now, isForeign);
const closed = (more: Partial<ServiceState> = {}, request: Request = {}) => ({
  ...wants(NEVER_OPERATED, request),
  ...more,
});

describe('what is wanted', () => {
  it('is the mode of the action, by whoever set it, since then', () => {
    expect(closed()).toMatchObject({ mode: 'maintenance', revision: 1, by: OPERATOR, since: isoAt(NOW) });
    const other = 'duty.manager@example.com';
    const same = wants(closed(), { requestedBy: other, plannedEnd: isoAt(NOW + 3_600_000) }, LATER);
    expect(same).toMatchObject({ revision: 2, by: OPERATOR, since: isoAt(NOW) });
    expect(wants(closed(), { action: 'exit', requestedBy: other }, LATER)).toMatchObject({
      by: other,
      since: isoAt(LATER),
    });
  });

  it('keeps its revision where all of it is so already, unless what stands there is not ours', () => {
    expect(wants(closed())).toMatchObject({ revision: 1, operation: { changed: false } });
    expect(wants(closed(), {}, NOW, true)).toMatchObject({ revision: 2, operation: { changed: true } });
    expect(closed().operation?.changed).toBe(true);
  });

  it('keeps the planned end until it is another, or the service opens', () => {
    const plannedEnd = '2026-11-22T05:00:00+01:00';
    const planned = closed({}, { plannedEnd });
    expect(planned.plannedEnd).toBe('2026-11-22T04:00:00.000Z');
    expect(wants(planned)).toMatchObject({ plannedEnd: planned.plannedEnd, revision: 1 });
    expect(wants(planned, { action: 'exit' }).plannedEnd).toBeUndefined();
  });

  it('lets in who is named, sorted, while testers are let in, and nobody else', () => {
    const letIn = closed({}, { action: 'enable-allowlist', allowlist: ['192.0.2.9/32', '192.0.2.1'] });
    expect(letIn.allowlist).toEqual(['192.0.2.1/32', '192.0.2.9/32']);
    expect(wants(letIn, { action: 'disable-allowlist' }).allowlist).toEqual([]);
    expect(closed({}, { action: 'enable-allowlist' }).allowlist).toEqual([]);
  });

  it('counts nobody whose time has ended: to name nobody then changes nothing', () => {
    const allowlist = [{ range: '192.0.2.1/32', until: isoAt(LATER) }];
    const request: Request = { action: 'enable-allowlist', allowlist };
    const letIn = closed({}, request);
    expect(wants(letIn, request, LATER - 1).revision).toBe(1);
    expect(wants(letIn, { action: 'enable-allowlist' }, LATER).revision).toBe(1);
  });
});

describe('who holds it', () => {
  it('is who closed it, until it is open or taken over', () => {
    const holder = { by: OPERATOR, spreadsheetId: 'sheet-1', step: '2' };
    expect(closed().holder).toEqual(holder);
    const other = {
      requestedBy: 'duty.manager@example.com',
      source: { kind: 'sheet', spreadsheetId: 'sheet-2', step: '9' },
    };
    expect(wants(closed(), other as Request).holder).toEqual(holder);
    expect(wants(closed(), { ...other, takeOver: true } as Request).holder).toMatchObject({
      spreadsheetId: 'sheet-2',
      step: '9',
    });
    expect(wants(closed(), { action: 'exit' }).holder).toBeUndefined();
  });

  it('is told where that was no sheet', () => {
    const from = (kind: string) => closed({}, { source: { kind } as never }).holder;
    expect(from('slack')).toMatchObject({ kind: 'slack' });
    expect(from('chat-channel')).toMatchObject({ kind: 'chat-channel' });
    expect(from('break-glass')).not.toHaveProperty('kind');
  });
});

describe('what was armed before', () => {
  it('is not run any more once a person has opened the service', () => {
    const opened = wants(closed(), { action: 'exit' }, LATER);
    expect(opened.exited).toMatchObject({ at: isoAt(LATER), by: OPERATOR, spreadsheetId: 'sheet-1' });
    expect(wants(opened, {}, LATER).exited).toEqual(opened.exited);
    const glass = wants(closed(), { action: 'exit', source: { kind: 'break-glass' } as never });
    expect(glass.exited).not.toHaveProperty('spreadsheetId');
  });

  it('may go on where an armed step opened it', () => {
    const armed = { ...requestOf({ action: 'exit' }), armedAt: isoAt(NOW) };
    const opened = nextState(service, closed(), armed, LATER);
    expect(opened.exited).toBeUndefined();
    expect(opened.operation?.request).not.toHaveProperty('armedAt');
  });
});

describe('the proof of it', () => {
  const targets = ['REGIONAL/eu-west-1', 'CLOUDFRONT/us-east-1'].map((target) => ({ target, state: 'pending' }));

  it('begins anew with each change', () => {
    expect(closed()).toMatchObject({ evidence: 1, targets, proof: NO_PROOF });
    expect(closed().acceptedAt).toBeUndefined();
    const verified = closed({ proof: { ...NO_PROOF, state: 'verified' }, acceptedAt: isoAt(NOW) });
    expect(wants(verified, { action: 'exit' })).toMatchObject({ evidence: 2, targets, proof: NO_PROOF });
    expect(wants(verified, { action: 'exit' }).acceptedAt).toBeUndefined();
  });

  it('is waited for while it is under way, and made afresh once it was there', () => {
    const proving = closed({ proof: { ...NO_PROOF, agree: 7 } });
    expect(wants(proving)).toMatchObject({ evidence: 1, proof: { agree: 7 } });
    const verified = closed({ proof: { ...NO_PROOF, state: 'verified' } });
    expect(wants(verified)).toMatchObject({ evidence: 2, proof: NO_PROOF, revision: 1 });
    expect(wants(NEVER_OPERATED, { action: 'exit' })).toMatchObject({ evidence: 1, revision: 0 });
  });

  it('is none where the config says that nobody looks', () => {
    const unlooked = (...verified: boolean[]) =>
      verified.map((isLooked, index) => ({ ...service.targets[index], ...(isLooked ? {} : { verification: 'none' }) }));
    const proofOf = (...verified: boolean[]) =>
      nextState({ ...service, targets: unlooked(...verified) } as typeof service, NEVER_OPERATED, requestOf(), NOW)
        .proof.state;
    expect([proofOf(false, false), proofOf(true, false), proofOf(false, true)]).toEqual(['none', 'proving', 'proving']);
  });
});

it('makes void what was found of the decision before', () => {
  const found = closed({
    drift: [{ target: 'REGIONAL/eu-west-1', state: 'contested', at: isoAt(NOW), revision: 1 }],
    repairing: ['REGIONAL/eu-west-1'],
    missed: ['REGIONAL/eu-west-1'],
    seen: { at: isoAt(NOW), agree: 0, disagree: 1, unknown: 0, open: [] },
    repairPause: { until: isoAt(LATER), by: OPERATOR },
  });
  const next = wants(found);
  expect(next.drift).toEqual([]);
  expect([next.repairing, next.missed, next.seen, next.repairPause]).toEqual(Array(4).fill(undefined));
});

it('keeps the service as it was set while it is closed, so that a config that loses it can still open it', () => {
  expect(closed().kept).toEqual(service);
  const [first] = service.targets;
  if (!first) throw new Error('the service has no target');
  const smaller = { ...service, targets: [first] };
  const opened = nextState(smaller, closed(), requestOf({ action: 'exit' }), LATER);
  expect(opened.targets).toHaveLength(2);
  expect(opened.kept).toEqual(service);
});

describe('foreseen', () => {
  const seen = (request: Request, state = NEVER_OPERATED) =>
    foresee(environment, { request: requestOf(request), service, state, at: NOW });

  it('it is what would be wanted, or why it would be refused', () => {
    const foreseen = seen({});
    expect(isRefused(foreseen)).toBe(false);
    expect(foreseen).toMatchObject({ at: NOW, next: { mode: 'maintenance', revision: 1 }, service: { name: 'shop' } });
    const refused = seen({ action: 'disable-allowlist' });
    expect(isRefused(refused)).toBe(true);
    expect(refused).toMatchObject({ code: 'ILLEGAL_MOVE' });
  });
});
