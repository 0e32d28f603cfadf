import type { OperationRequest } from '../../../../contract/operation.ts';
import type { KnownEnvironment } from '../../../../lambda/src/model/known-environment.ts';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { type CheckedRequest, firstObjection, heldByAnother } from '../../../../lambda/src/operate/checks.ts';
import { environmentOf, NOW, OPERATOR, requestOf } from '../../../builders.ts';

/** Why an operation must not begin: each objection on both sides of its limit, and which comes first. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const isoAt = (ms: number) => new Date(ms).toISOString();
const environment: KnownEnvironment = environmentOf({ operators: ['Shop.Lead@example.com'] });
const [service] = environment.services;
if (!service) throw new Error('the test has no service');

interface Asked {
  readonly request?: Partial<CheckedRequest>;
  readonly state?: Partial<ServiceState>;
  readonly config?: KnownEnvironment;
}
const objectionTo = ({ request, state, config = environment }: Asked) =>
  firstObjection({
    request: { ...requestOf(), ...request } as CheckedRequest,
    environment: config,
    service: config.services.find(({ name }) => name === 'shop') ?? service,
    state: { ...NEVER_OPERATED, ...state },
    now: NOW,
  });
const codeOf = (asked: Asked) => objectionTo(asked)?.code;
const closed = (more: Partial<ServiceState> = {}): Partial<ServiceState> => ({ mode: 'maintenance', ...more });

describe('who asks', () => {
  it('is an operator of the environment or of the service, in whatever capitals', () => {
    expect(codeOf({})).toBeUndefined();
    expect(codeOf({ request: { requestedBy: OPERATOR.toUpperCase() } })).toBeUndefined();
    expect(codeOf({ request: { requestedBy: 'shop.lead@EXAMPLE.com' } })).toBeUndefined();
    const objection = objectionTo({ request: { requestedBy: 'passer.by@example.com' } });
    expect(objection?.problem).toMatchObject({ code: 'NOT_OPERATOR', field: 'requestedBy' });
    expect(objection?.message).toContain('passer.by@example.com');
  });

  it('was let in by IAM, where the glass is broken', () => {
    const request = { requestedBy: 'arn:aws:iam::111122223333:role/x', source: { kind: 'break-glass' } } as const;
    expect(codeOf({ request })).toBeUndefined();
  });

  it('is a channel that the config names, and asks for what that may', () => {
    const source = (channel: string) => ({ kind: 'chat-channel', channel }) as OperationRequest['source'];
    const withChat = (allow?: readonly string[]) =>
      ({ ...environment, chat: { channel: 'C1', ...(allow ? { allow } : {}) } }) as unknown as KnownEnvironment;
    const ask = (config: KnownEnvironment, channel: string, action: CheckedRequest['action'] = 'enter') => {
      const state = action === 'exit' ? closed() : {};
      return objectionTo({ config, state, request: { source: source(channel), action, requestedBy: channel } })
        ?.problem;
    };
    expect(ask(withChat(['enter']), 'C1')).toBeUndefined();
    expect(ask(withChat(['enter']), 'C2')).toMatchObject({ code: 'NOT_OPERATOR', field: 'action' });
    expect(ask(withChat(['enter']), 'C1', 'exit')).toMatchObject({ code: 'NOT_OPERATOR' });
    expect(ask(environment, 'C1')).toMatchObject({ code: 'NOT_OPERATOR' });
    expect(ask(withChat(['enter']), 'C1', 'exit')?.message).toContain('It may ask for enter.');
    expect(ask(environment, 'C1')?.message).not.toContain('It may');
  });
});

describe('when', () => {
  it('it was asked: five minutes ago at most, and a minute ahead of our clock', () => {
    const at = (ms: number) => objectionTo({ request: { requestedAt: isoAt(NOW + ms) } })?.problem;
    expect(at(-5 * MINUTE_MS)).toBeUndefined();
    expect(at(-5 * MINUTE_MS - 1)).toMatchObject({ code: 'STALE_REQUEST', field: 'requestedAt' });
    expect(at(MINUTE_MS)).toBeUndefined();
    expect(at(MINUTE_MS + 1)).toMatchObject({ code: 'FUTURE_REQUEST', field: 'requestedAt' });
  });

  it('it was asked: not before what was accepted since, but for five seconds of two clocks', () => {
    const operation = (committedAt: number) => ({ request: requestOf(), committedAt: isoAt(committedAt) }) as never;
    const committedIn = (ms: number) => codeOf({ state: closed({ operation: operation(NOW + ms) }) });
    expect(committedIn(5_000)).toBeUndefined();
    expect(committedIn(5_001)).toBe('OVERTAKEN');
    const { message } = objectionTo({ state: closed({ operation: operation(NOW + 5_001) }) }) ?? {};
    for (const part of [OPERATOR, 'step 2']) expect(message).toContain(part);
  });

  it('it was armed: somebody who opened the service since keeps it open', () => {
    const exited = { at: isoAt(NOW), by: OPERATOR, where: 'the sheet' };
    const armed = (armedAt: number) => codeOf({ request: { armedAt: isoAt(armedAt) }, state: { exited } });
    expect(armed(NOW + 1)).toBeUndefined();
    expect(armed(NOW)).toBe('DISARMED_BY_EXIT');
    expect(codeOf({ state: { exited } })).toBeUndefined();
    expect(codeOf({ request: { armedAt: isoAt(NOW - 1) } })).toBeUndefined();
  });
});

describe('what it meets', () => {
  it('is a service that the config has, unless it is to be opened', () => {
    const config = { ...environment, orphans: ['shop'] };
    expect(objectionTo({ config })?.problem).toMatchObject({ code: 'ORPHANED', field: 'action' });
    expect(codeOf({ config, request: { action: 'exit' }, state: closed() })).toBeUndefined();
  });

  it('is a mode that the action is legal from', () => {
    const objection = objectionTo({ request: { action: 'disable-allowlist' } });
    expect(objection?.problem).toMatchObject({ code: 'ILLEGAL_MOVE', field: 'action' });
    expect(codeOf({ request: { action: 'disable-allowlist' }, state: closed() })).toBeUndefined();
  });

  it('is held by nobody else, unless it is taken over', () => {
    const holder = { by: 'duty.manager@example.com', spreadsheetId: 'sheet-2', step: '4' };
    expect(codeOf({ state: closed({ holder }) })).toBe('HELD_BY_OTHER');
    expect(codeOf({ state: closed({ holder }), request: { takeOver: true } })).toBeUndefined();
    expect(codeOf({ state: closed({ holder: { ...holder, spreadsheetId: 'sheet-1' } }) })).toBeUndefined();
    expect(codeOf({ state: { holder } })).toBeUndefined();
  });

  it('is not a person’s, where a channel asks; a channel’s own it may go on with', () => {
    const asking = { requestedBy: 'C1', kind: 'chat-channel' };
    const held = (kind?: 'chat-channel') =>
      heldByAnother(
        service,
        { ...NEVER_OPERATED, ...closed(), holder: { by: 'C1', ...(kind ? { kind } : {}) } },
        asking,
      );
    expect(held()?.code).toBe('HELD_BY_OTHER');
    expect(held('chat-channel')).toBeUndefined();
  });
});

describe('its details', () => {
  const end = (ms: number) => objectionTo({ request: { plannedEnd: isoAt(NOW + ms) } })?.problem;

  it('end later than now, and within thirty days', () => {
    expect(end(1)).toBeUndefined();
    expect(end(0)).toMatchObject({ code: 'INVALID_FIELD', field: 'plannedEnd' });
    expect(end(30 * DAY_MS)).toBeUndefined();
    expect(end(30 * DAY_MS + 1)).toMatchObject({ code: 'INVALID_FIELD', field: 'plannedEnd' });
  });

  it('have no end where the service opens', () => {
    const request = { action: 'exit', plannedEnd: isoAt(NOW + DAY_MS) } as const;
    expect(objectionTo({ request, state: closed() })?.problem).toMatchObject({
      code: 'INVALID_FIELD',
      field: 'plannedEnd',
    });
  });

  it('let testers in only with the action that does so, and only those whose time has not ended', () => {
    const letIn = (request: Partial<CheckedRequest>) => objectionTo({ request, state: closed() })?.problem;
    const allowlist = ['192.0.2.1/32', { range: '192.0.2.2/32', until: isoAt(NOW) }];
    expect(letIn({ action: 'enter', allowlist: [] })).toMatchObject({ code: 'INVALID_FIELD', field: 'allowlist' });
    expect(letIn({ action: 'enable-allowlist', allowlist })).toMatchObject({ field: 'allowlist[1].until' });
    expect(letIn({ action: 'enable-allowlist', allowlist: ['192.0.2.1/32'] })).toBeUndefined();
    const first = letIn({ action: 'enable-allowlist', allowlist: allowlist.slice(1) });
    expect(first).toMatchObject({ field: 'allowlist[0].until' });
    for (const part of ['192.0.2.2/32', isoAt(NOW)]) expect(first?.message).toContain(part);
  });

  it('let somebody in, if the config lets nobody in for good', () => {
    const config = environmentOf({ allowlist: [] });
    const request = { action: 'enable-allowlist' } as const;
    expect(codeOf({ request, state: closed() })).toBeUndefined();
    expect(objectionTo({ config, request, state: closed() })?.problem).toMatchObject({ field: 'allowlist' });
    expect(codeOf({ config, request: { ...request, allowlist: ['192.0.2.1/32'] }, state: closed() })).toBeUndefined();
  });
});

it('who may not ask is told that, whatever else is wrong', () => {
  const request = { requestedBy: 'passer.by@example.com', requestedAt: isoAt(0), action: 'disable-allowlist' } as const;
  expect(codeOf({ request })).toBe('NOT_OPERATOR');
  expect(codeOf({ request: { ...request, requestedBy: OPERATOR } })).toBe('STALE_REQUEST');
});
