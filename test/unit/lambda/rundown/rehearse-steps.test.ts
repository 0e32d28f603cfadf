import type { StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import { NEVER_OPERATED } from '../../../../lambda/src/model/service-state.ts';
import { isRefused } from '../../../../lambda/src/operate/foresee.ts';
import { rehearseSteps, type WalkInputs } from '../../../../lambda/src/rundown/plan/rehearse-steps.ts';
import { armedFor, BLANK, type Cells, minutes, NOW, ofShopAlone, recordOf, rowOf, runOf } from './planner.ts';
import { createWorld, MANAGER } from './terminal.ts';

/** A rundown walked as if its night went as planned. */

const { config } = createWorld({ production: true }).deps;
const known = knownServices(config);
const line = { row: 2, address: '192.0.2.1', who: '', until: { text: '' }, services: '' };

const step = (row: number, cells: Cells = {}, more: Partial<StepRecord> = {}): StepRecord =>
  recordOf(rowOf({ row, step: String(row), status: 'Planned', ...cells }), more);
const walk = (steps: readonly StepRecord[], more: Partial<WalkInputs> = {}) =>
  rehearseSteps(steps, {
    environment: config,
    known,
    sheet: { spreadsheetId: 'sheet-1', timeZone: 'Etc/UTC', allowlist: [line] } as unknown as WalkInputs['sheet'],
    onPlanMs: minutes(10),
    now: NOW,
    states: new Map([
      ['shop', NEVER_OPERATED],
      ['payments', NEVER_OPERATED],
    ]),
    requestedBy: MANAGER,
    ...more,
  });
const keys = (steps: readonly StepRecord[]) => walk(steps).map(({ key }) => key);

it('goes through what has an action and is still to be done', () => {
  const decided = (status: string) => ({ isAnswered: true, decided: { ...BLANK, status } });
  const left = [step(2), step(3, {}, decided('Failed'))];
  const out = [
    step(4, { action: ' ' }),
    step(5, {}, { run: runOf() }),
    step(6, {}, { intents: { x: {} as never } }),
    ...['Done', 'Accepted', 'Skipped', 'Unproven', 'Running'].map((status, at) => step(7 + at, {}, decided(status))),
    step(12, {}, { missingSince: 'then' }),
  ];
  expect(keys([...left, ...out])).toEqual(['2', '3']);
});

it('goes by the Planned start, then by the row; a step without one comes after the row above it', () => {
  const steps = [
    step(6),
    step(3),
    step(5, { planned: NOW + minutes(10) }),
    step(2, { planned: NOW + minutes(20) }),
    step(4, { planned: NOW + minutes(10) }),
    step(1),
  ];
  expect(keys(steps)).toEqual(['1', '4', '5', '6', '2', '3']);
});

it('takes over nothing from another sheet', () => {
  const held = { ...NEVER_OPERATED, mode: 'maintenance', holder: { spreadsheetId: 'sheet-0', step: '1' } } as never;
  const [exit] = walk([step(2, { action: 'Exit maintenance' })], { states: new Map([['shop', held]]) });
  expect(exit?.members.map(({ outcome }) => isRefused(outcome) && outcome.code)).toEqual(['HELD_BY_OTHER']);
});

describe('in production', () => {
  const exit = rowOf({ row: 5, step: '5', status: 'Planned', action: 'Exit maintenance', planned: NOW + minutes(30) });
  const armed = recordOf(exit, { armed: armedFor(exit) });
  const enter = step(2, { planned: NOW + minutes(5) });

  it('an armed step runs if those before it will have run', () => {
    expect(walk([enter, armed]).map(({ asks }) => asks)).toEqual([undefined, undefined]);
    const [wrong, after] = walk([step(2, { action: 'Close it' }), armed]);
    expect(wrong).toMatchObject({ members: [], wrong: expect.stringContaining('no Action "Close it"') });
    expect(after?.asks).toContain('step 2 of Shop before it is not done yet');
  });

  it('and does not where one of the services of a group before it will not have gone along', () => {
    // Shop is closed by then; Payments is not, and lets nobody in to what is open.
    const group = step(3, { service: 'storefront', action: 'Enable allowlist', planned: NOW + minutes(10) });
    const [, both, last] = walk([enter, group, armed]);
    expect(both?.members.map(({ title, outcome }) => [title, isRefused(outcome)])).toEqual([
      ['Shop', false],
      ['Payments', true],
    ]);
    expect(last?.asks).toContain('step 3 of Shop before it is not done yet');
  });

  it('nothing is asked first of somebody who would be refused', () => {
    const late = [step(2, { service: 'storefront', planned: 'later' })];
    expect(walk(late)[0]?.asks).toContain('"later" is no date with a time');
    expect(walk(late, { environment: { ...config, production: false } })[0]?.asks).toBeUndefined();
    expect(walk(late, { known: ofShopAlone(known) })[0]?.asks).toBeUndefined();
  });
});
