import { PLATFORM_FAULTS, seeded } from '../../../../local/apps-script-runtime/fault-injection.ts';
import type { RuntimeOptions } from '../../../../local/apps-script-runtime/host.ts';
import { BOOK, INSTALL, MANAGER, OWNER, runtimeHouse } from './start-runtime.ts';

const { start, ask } = runtimeHouse();

const CODE = `${INSTALL('onRundownEdit')}
  function onRundownEdit(e) {
    const { authMode, source, range, user, triggerUid, ...rest } = e;
    console.log(JSON.stringify({
      ...rest, keys: Object.keys(rest), authMode, book: source.getId(), tab: range.getSheet().getName(), range: range.getA1Notation(),
      user: user.getEmail(), cell: range.getDisplayValues()[0][0],
      known: ScriptApp.getProjectTriggers().some((one) => one.getUniqueId() === triggerUid),
    }));
  }
  function onMinute(e) { console.log(JSON.stringify(e)); }
  function write() { SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown').getRange('B2').setValue('Done'); }`;

async function installed(more: Partial<RuntimeOptions> = {}) {
  const made = start(CODE, more);
  expect((await made.runtime.run('install')).error).toBeUndefined();
  const edit = async (range: string, values: unknown[][], user = MANAGER) => {
    const done = await made.runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range, values, user }).executions;
    return done.map(({ log }) => JSON.parse(log[0] ?? ''));
  };
  return { ...made, edit };
}

describe('an edit of a person', () => {
  it('of one cell carries who, where, the new value and the old one', async () => {
    const { edit } = await installed();
    expect(await edit('B2', [['Go']])).toEqual([
      {
        authMode: 'FULL',
        book: BOOK,
        tab: 'Rundown',
        range: 'B2',
        user: MANAGER,
        cell: 'Go',
        value: 'Go',
        oldValue: 'Planned',
        keys: ['value', 'oldValue'],
        known: true,
      },
    ]);
  });

  it('of an empty cell carries no old value, and a cleared one no new value', async () => {
    const { edit } = await installed();
    expect((await edit('C3', [['x']]))[0].keys).toEqual(['value']);
    expect(await edit('C3', [['']])).toMatchObject([{ keys: ['oldValue'], oldValue: 'x' }]);
  });

  it('of several cells carries the range alone', async () => {
    const { edit } = await installed();
    expect(await edit('B2:B3', [['Go'], ['Go']])).toMatchObject([{ keys: [], range: 'B2:B3', user: MANAGER }]);
  });

  it('whom nobody names carries a blank', async () => {
    const { edit } = await installed();
    expect(await edit('B2', [['Go']], '')).toMatchObject([{ user: '' }]);
  });

  it('is in the sheet at once, before any trigger has run', async () => {
    const { runtime } = await installed({ faultInjection: { lateMs: 1_000, random: () => 1 } });
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go']], user: MANAGER });
    expect(runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[1]).toBe('Go');
    expect(runtime.executions().map((one) => one.function)).toEqual(['install']);
  });

  it('changes and fires nothing when it does not fit the sheet', async () => {
    const { runtime } = await installed();
    const edit = { spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go', 'Go']], user: MANAGER };
    const before = runtime.spreadsheets.get(BOOK).displayValues('Rundown');
    for (const wrong of [
      edit,
      { ...edit, range: 'B5000', values: [['Go']] },
      { ...edit, sheet: 'None', values: [['Go']] },
    ])
      expect(() => runtime.edit(wrong)).toThrow();
    await runtime.idle();
    expect(runtime.spreadsheets.get(BOOK).displayValues('Rundown')).toEqual(before);
    expect(runtime.executions()).toHaveLength(1);
  });
});

it('fires for no edit of a script and for no inserted, deleted or sorted row, but tells who watches the sheet', async () => {
  const { runtime } = await installed();
  const changes: string[] = [];
  runtime.onChange(({ by, sheet }) => changes.push(`${by} ${sheet}`));
  await runtime.run('write');
  runtime.insertRows(BOOK, 'Rundown', 2);
  runtime.deleteRows(BOOK, 'Rundown', 2);
  runtime.sort(BOOK, 'Rundown', 1);
  await runtime.idle();
  expect(runtime.executions().map((one) => one.trigger)).toEqual(['run', 'run']);
  expect(changes).toEqual(['script Rundown', 'person Rundown', 'person Rundown', 'person Rundown']);
});

it('fires the time trigger with its time and without a person', async () => {
  const { runtime } = await installed();
  const [ticked] = await runtime.tick();
  expect(JSON.parse(ticked?.log[0] ?? '')).toMatchObject({
    authMode: 'FULL',
    year: 2026,
    month: 11,
    hour: 2,
    minute: 0,
  });
  expect(ticked?.trigger).toBe('clock');
});

it('lists and deletes triggers, allows twenty, and every so many minutes only as Google does', async () => {
  const many = `for (let at = 0; at < 21; at += 1) ScriptApp.newTrigger('f').timeBased().everyMinutes(1).create()`;
  await expect(ask(many)).rejects.toThrow('too many triggers');
  await expect(ask("ScriptApp.newTrigger('f').timeBased().everyMinutes(2).create()")).rejects.toThrow('everyMinutes');
  const body = `
    const made = ScriptApp.newTrigger('f').forSpreadsheet(SpreadsheetApp.openById('${BOOK}')).onEdit().create();
    const [one] = ScriptApp.getProjectTriggers();
    const facts = [one.getHandlerFunction(), one.getTriggerSourceId()];
    ScriptApp.deleteTrigger(made);
    return [facts, ScriptApp.getProjectTriggers().length, Session.getEffectiveUser().getEmail()]`;
  expect(await ask(body)).toEqual([['f', BOOK], 0, OWNER]);
});

describe('a hostile platform', () => {
  it.each([
    ['drops an event', { dropEvent: 1 }, []],
    ['doubles an event', { doubleEvent: 1 }, [{ value: 'Go' }, { value: 'Go' }]],
    ['names nobody', { blankUser: 1 }, [{ user: '', value: 'Go' }]],
  ])('%s', async (_what, faultInjection, heard) => {
    const { edit } = await installed({ faultInjection });
    expect(await edit('B2', [['Go']])).toMatchObject(heard);
  });

  it('leaves out the value', async () => {
    const { edit } = await installed({ faultInjection: { noValue: 1 } });
    expect((await edit('B2', [['Go']]))[0].keys).toEqual(['oldValue']);
  });

  it('lets a later edit’s event overtake an earlier one’s', async () => {
    const delays = [0.99, 0.01];
    const { runtime } = await installed({ faultInjection: { lateMs: 400, random: () => delays.shift() ?? 0 } });
    const edit = (range: string) =>
      runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range, values: [['Go']], user: MANAGER });
    edit('B2');
    edit('B3');
    await runtime.idle();
    const heard = runtime
      .executions()
      .flatMap(({ trigger, log }) => (trigger === 'edit' ? [JSON.parse(log[0] ?? '').range] : []));
    expect(heard).toEqual(['B3', 'B2']);
  });

  it('doubles a tick', async () => {
    const { runtime } = await installed({ faultInjection: { doubleTick: 1 } });
    expect(await runtime.tick()).toHaveLength(2);
  });

  it('fails a service call with its own error', async () => {
    const body = "PropertiesService.getUserProperties().getProperty('k')";
    await expect(ask(body, { faultInjection: { failCall: 1 } })).rejects.toThrow('a server error occurred');
  });

  it('does the same again for the same seed', async () => {
    const night = async () => {
      const { edit } = await installed({ faultInjection: { ...PLATFORM_FAULTS, lateMs: 0, random: seeded(7) } });
      return [await edit('B2', [['Go']]), await edit('B3', [['Go']]), await edit('B2', [['Skipped']])];
    };
    expect(await night()).toEqual(await night());
    const draw = (seed: number) => Array.from({ length: 5 }, seeded(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});

it('starts nothing any more after it was closed, though an event was still on its way', async () => {
  const { runtime, clock } = await installed({ faultInjection: { lateMs: 1_000, random: () => 1 } });
  const { executions } = runtime.edit({
    spreadsheetId: BOOK,
    sheet: 'Rundown',
    range: 'B2',
    values: [['Go']],
    user: MANAGER,
  });
  await runtime.close();
  clock.moveTo(clock.now() + 1_000);
  expect(await executions).toMatchObject([{ error: 'The runtime is closed.', calls: [] }]);
});
