import { OWNER, runtimeHouse } from '../../local/apps-script-runtime/start-runtime.ts';
import { builtScript } from '../built-script.ts';
import { block, OUTSIDER, office, urlOf } from './office.ts';

const house = runtimeHouse();
let code: string;
beforeAll(async () => {
  code = await builtScript();
});
const open = (more: Parameters<typeof office>[2] = {}) => office(house, code, more);

describe('before anybody owns the script', () => {
  it('only the account that the config names can connect it, and nothing of it is kept for anybody else', async () => {
    const { connected, installed, runtime } = await open({
      connect: block({ controller: 'somebody.else@example.com' }),
    });
    expect(connected.error).toContain('Only somebody.else@example.com may connect this script');
    expect(installed.error).toContain('connect()');
    expect(runtime.scriptProperty('OWNER')).toBeUndefined();
    expect(runtime.triggers()).toEqual([]);
  });

  it('a block without a controller is not taken', async () => {
    const { connected } = await open({ connect: block({ controller: undefined }) });
    expect(connected.error).toContain('controller is not right');
  });

  it('then it is the owner’s, and tells to share the script for viewing, after that', async () => {
    const { connected, runtime } = await open();
    expect(connected.error).toBeUndefined();
    expect(connected.log.join()).toContain('share this script as a viewer');
    expect(runtime.scriptProperty('OWNER')).toBe(OWNER);
    runtime.setScriptProperty('CONNECT', block({ controller: OUTSIDER }));
    expect((await runtime.run('connect', { user: OUTSIDER })).error).toContain(`Only ${OWNER} may run this`);
  });
});

describe('checkHealth', () => {
  it('finds nothing wrong with a fresh sheet', async () => {
    const { work, health, runtime } = await open();
    await work('Release 43', 'Create');
    await runtime.tick();
    expect(await health()).toEqual([]);
  });

  it('an owner without a Workspace domain: Google would name nobody', async () => {
    const { health } = await open({ owner: 'drawbridge@gmail.com' });
    expect(await health()).toEqual([
      expect.objectContaining({
        check: 'Owner',
        found: expect.stringContaining('does not report to it who set a step'),
      }),
    ]);
  });

  it('no administrators', async () => {
    const { health } = await open({ connect: block({ admins: [] }) });
    expect(await health()).toEqual([expect.objectContaining({ check: 'Administrators' })]);
  });

  it('a banner that does not say Connected, whatever its formula is', async () => {
    const { work, health, write, clock } = await open();
    const { id } = await work('Release 43', 'Create');
    await write(id, 'Rundown', 'A1', [['Step by step']], OWNER);
    expect(await health()).toEqual([
      expect.objectContaining({ check: 'Sheet Release 43', found: expect.stringContaining('Rundown: no banner') }),
    ]);
    await write(id, 'Rundown', 'A1', [['Connected']], OWNER);
    clock.moveTo(clock.now() + 60 * 60_000);
    expect((await health()).map(({ found }) => found).join()).toContain('Services: NOT CONNECTED');
  });

  it('a tab that somebody deleted, which Update makes again', async () => {
    const { work, health, book } = await open();
    const { id } = await work('Release 43', 'Create');
    book(id).deleteTab(book(id).tab('Audit').sheetId);
    expect(await health()).toEqual([
      expect.objectContaining({ check: 'Sheet Release 43', found: 'It has no tab Audit.' }),
    ]);
    await work('', 'Update', urlOf(id));
    expect(await health()).toEqual([]);
  });

  it('a minute trigger that does not come any more', async () => {
    const { work, health, runtime, clock } = await open();
    await work('Release 43', 'Create');
    await runtime.tick();
    clock.moveTo(clock.now() + 20 * 60_000);
    expect((await health()).find(({ check }) => check === 'Minute trigger')?.found).toContain('Overdue');
  });

  it('a missing trigger and a sheet that everybody with its link can read', async () => {
    const { work, health, runtime, book } = await open();
    const { id } = await work('Release 43', 'Create');
    book(id).isOpenByLink = true;
    await runtime.tick();
    expect((await health()).map(({ check }) => check)).toEqual(['Open by link']);
  });
});
