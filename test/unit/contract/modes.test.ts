import { ACTIONS, actionByTitle, isLegal, MODES, MOVES, meantInstead } from '../../../contract/modes.ts';

describe('the table of moves', () => {
  it('is this one', () => {
    const legal = Object.fromEntries(ACTIONS.map((action) => [action, MODES.filter((mode) => isLegal(action, mode))]));
    expect(legal).toEqual({
      enter: ['normal', 'maintenance'],
      'enable-allowlist': ['maintenance', 'maintenance-allowlist'],
      'disable-allowlist': ['maintenance', 'maintenance-allowlist'],
      exit: ['normal', 'maintenance', 'maintenance-allowlist'],
    });
  });

  it('lets everybody out: exit is legal from every mode', () => {
    for (const mode of MODES) expect(isLegal('exit', mode)).toBe(true);
  });

  it('never throws testers out by accident: enter is refused while they are in, and disable is named', () => {
    expect(isLegal('enter', 'maintenance-allowlist')).toBe(false);
    expect(meantInstead('enter', 'maintenance-allowlist')).toBe('disable-allowlist');
  });

  it('lets nobody in past an open door: enable is refused from normal, and enter is named', () => {
    expect(isLegal('enable-allowlist', 'normal')).toBe(false);
    expect(meantInstead('enable-allowlist', 'normal')).toBe('enter');
  });

  it('can be repeated: every action is legal in the mode that it leads to', () => {
    for (const action of ACTIONS) expect(isLegal(action, MOVES[action].to)).toBe(true);
  });

  it('always names a legal action instead of an illegal one', () => {
    for (const action of ACTIONS)
      for (const mode of MODES)
        if (!isLegal(action, mode)) expect(isLegal(meantInstead(action, mode), mode)).toBe(true);
  });
});

it('finds an action by what a person picked, whatever the case', () => {
  expect(actionByTitle(' enter MAINTENANCE ')).toBe('enter');
  expect(actionByTitle('Toggle maintenance')).toBeUndefined();
});
