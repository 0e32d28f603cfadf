import { BOOK, INSTALL, OWNER, runtimeHouse } from './start-runtime.ts';

/** A runtime that begins with what another one came to. */

const house = runtimeHouse();
const CODE = `${INSTALL('onEdited')}
  function onMinute() {}
  function onEdited() { PropertiesService.getUserProperties().setProperty('edited', 'yes'); }
  function tell() { console.log(PropertiesService.getUserProperties().getProperty('edited')); }`;

const cell = (runtime: ReturnType<typeof house.start>['runtime']) =>
  runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[1];
const edit = (runtime: ReturnType<typeof house.start>['runtime'], text: string) =>
  runtime.edit({
    ...{ spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [[text]] },
    ...{ user: OWNER, account: OWNER, how: 'typed' },
  }).executions;

it('has its cells, triggers and properties, and neither sees what happens in the other', async () => {
  const { runtime: first, clock } = house.start(CODE);
  await first.run('install');
  await edit(first, 'Go');
  const { runtime: second } = house.start(CODE, { clock, from: first.kept() });
  expect([cell(second), second.triggers()]).toEqual(['Go', first.triggers()]);
  expect((await second.run('tell')).log).toEqual(['yes']);

  const heard = await edit(second, 'Skipped');
  expect(heard.map((execution) => execution.function)).toEqual(['onEdited']);
  second.spreadsheets.get(BOOK).rename('Another name');
  expect([cell(first), first.spreadsheets.get(BOOK).name]).toEqual(['Go', 'Release 42']);
  await edit(first, 'Done');
  expect(cell(second)).toBe('Skipped');
});
