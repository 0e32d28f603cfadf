import { jest } from '@jest/globals';
import {
  applyTold,
  askFor,
  newSession,
  type Outcome,
  pollFor,
  refreshNames,
  send,
  type World,
} from '../../../apps-script/src/sync.ts';
import type { ServiceNames } from '../../../contract/sync-answer.ts';
import { PRODUCTION, STAGING } from './connections.ts';
import { FakeSheet, NOW } from './fake-sheet.ts';
import { HEADER_LINE, row } from './rows.ts';
import { connected, readAgain, runningAnswer } from './stub-api.ts';

/** One exchange with the environments, without what leads to it and what follows from it. */

const TAB = 0;

function night() {
  const sheet = new FakeSheet();
  sheet.add('Rundown', [[...HEADER_LINE]], TAB);
  const { api, memory, ports } = connected();
  const world: World = { connections: [PRODUCTION, STAGING] };
  const rows = { readAt: NOW, steps: [row(2)] };
  const session = newSession(sheet.face, TAB, () => rows, rows);
  const outcomes: Outcome[] = [];
  const sync = () => {
    const told = send(ports, world, [askFor(world, session, PRODUCTION, { syncId: 'sync-1', cause: 'tick' })]);
    outcomes.push(...told.map(({ outcome }) => outcome));
    return told;
  };
  return { sheet, api, memory, ports, world, session, sync, outcomes };
}

const logged = (level: 'warn' | 'error', act: () => void): string[] => {
  const spy = jest.spyOn(console, level).mockImplementation(() => undefined);
  act();
  const lines = spy.mock.calls.map(([line]) => String(line));
  spy.mockRestore();
  return lines;
};

describe('what came back', () => {
  it('that is no answer of a server may have been carried out or not, whatever it is', () => {
    const { api, sync, outcomes } = night();
    api.instead = () => ({ kind: 'ok', body: { greeting: 'hello' } });
    const lines = logged('warn', sync);
    api.instead = () => ({ kind: 'ok', body: api.answer('staging', []) });
    lines.push(...logged('warn', sync));
    expect(lines).toEqual([
      'production: the answer of production was not understood',
      'production: production answered as staging',
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['unreachable', 'unreachable']);
  });

  it.each([
    ['production: Retired.', { kind: 'problem', code: 'FORBIDDEN', message: 'Retired.' } as const],
    ['production: it answered 401', { kind: 'denied', why: 'it answered 401' } as const],
    ['production: Address unavailable', 'lost' as const],
  ])('that is no answer stands in the log: %s', (line, answer) => {
    const { api, sync } = night();
    api.instead = () => answer;
    expect(logged('warn', sync)).toEqual([line]);
  });

  it('to be read again is no fault', () => {
    const { api, sync, session } = night();
    api.instead = () => readAgain;
    expect(logged('warn', sync)).toEqual([]);
    expect(session.heard.size).toBe(0);
  });

  it('of a row that was not understood stands in the log', () => {
    const { api, sync } = night();
    const ignored = [{ row: 2, message: 'The field by is missing.' }, { message: 'It is no row.' }];
    api.instead = (environment) => ({ kind: 'ok', body: api.answer(environment, [], { ignored }) });
    expect(logged('warn', sync)).toEqual([
      'production did not understand row 2 of release-42: The field by is missing.',
      'production did not understand row  of release-42: It is no row.',
    ]);
  });

  it('to a poll leaves out what stays as it was told before', () => {
    const { api, sync, ports, world, session } = night();
    const banner = (more: object) => ({ connectedUntil: new Date(NOW).toISOString(), ...more });
    api.instead = (environment, { cause }) => ({
      kind: 'ok',
      body: api.answer(environment, [], { banner: banner(cause === 'poll' ? {} : { now: 'shop is closed' }) }),
    });
    sync();
    api.afterMs = 7_000;
    send(ports, world, [pollFor(ports, world, session, PRODUCTION)]);
    expect(session.heard.get('production')).toMatchObject({
      answer: { banner: { now: 'shop is closed' } },
      nextAt: NOW + 7_000,
    });
  });
});

describe('the names of services', () => {
  const names: ServiceNames = {
    hash: 'new',
    services: [{ name: 'toys', title: 'Toys' }],
    groups: [{ name: 'all', title: 'All of it', services: ['toys'] }],
  };
  const known = ({ memory }: ReturnType<typeof night>) =>
    memory.load().connections.map((one) => [one.environment, one.names]);

  it('that come with an answer count from then on, in this execution and in later ones', () => {
    const one = night();
    one.api.instead = (environment) => ({ kind: 'ok', body: one.api.answer(environment, [], { names }) });
    one.sync();
    expect(one.world.connections.map((connection) => connection.names)).toEqual([names, STAGING.names]);
    expect(known(one)).toEqual([
      ['production', names],
      ['staging', STAGING.names],
    ]);
  });

  it('are asked for once in an execution; the next answer tells them once more', () => {
    const one = night();
    const { api, ports, world } = one;
    api.groups = names.groups;
    api.services = { production: ['toys'] };
    refreshNames(ports, world);
    refreshNames(ports, world);
    expect(api.servicesAsked).toBe(1);
    expect(known(one)).toEqual([
      ['production', { ...names, hash: '', services: [{ name: 'toys', title: 'toys' }] }],
      ['staging', STAGING.names],
    ]);
  });
});

describe('what cannot be written', () => {
  it('because its row is gone stands in the log, with its operations', () => {
    const one = night();
    const running = runningAnswer('production', row(2, { operation: 'production-7' }));
    one.api.instead = (environment) => ({ kind: 'ok', body: one.api.answer(environment, [running]) });
    const told = one.sync();
    const lines = logged('warn', () => applyTold(one.ports, one.session, told));
    expect(lines).toEqual([
      `release-42: step 2 (Enter maintenance of shop) has no row any more. production-7 ${running.cells.operation}`,
    ]);
  });

  it('because Google fails does not hold up the other sheets', () => {
    const one = night();
    one.api.instead = (environment) => ({
      kind: 'ok',
      body: one.api.answer(environment, [runningAnswer(environment, row(2))]),
    });
    const told = one.sync();
    one.sheet.meanwhile = () => {
      throw new Error('Service Spreadsheets timed out');
    };
    const lines = logged('error', () => expect(applyTold(one.ports, one.session, told)).toBeUndefined());
    expect(lines).toEqual(['The release sheet release-42 could not be written: Service Spreadsheets timed out']);
  });
});
