import { runtimeHouse, until } from './start-runtime.ts';

const { start } = runtimeHouse();

const THREE_CALLS = `
  const user = PropertiesService.getUserProperties();
  function main() {
    user.setProperty('first', 'done');
    user.setProperty('second', 'done');
    user.setProperty('third', 'done');
    console.log('end');
  }
  function look() { console.log(Object.keys(user.getProperties()).join()); }`;

it('keeps each wait of an execution, and where it was, without counting it as a call', async () => {
  const { runtime } = start(`function main() {
    Utilities.sleep(20);
    PropertiesService.getUserProperties().getProperty('first');
    Utilities.sleep(10);
  }`);
  const { calls, sleeps } = await runtime.run('main');
  expect(calls).toHaveLength(1);
  expect(sleeps).toEqual([
    { afterCalls: 0, ms: 20 },
    { afterCalls: 1, ms: 10 },
  ]);
});

describe('an execution that is cut', () => {
  it.each([
    [1, 'before', ''],
    [1, 'after', 'first'],
    [2, 'before', 'first'],
    [2, 'after', 'first,second'],
    [3, 'after', 'first,second,third'],
  ] as const)('at its call %i, %s it, leaves “%s” behind', async (at, side, left) => {
    const { runtime } = start(THREE_CALLS);
    runtime.cutNext({ at, side });
    const { cut, error, log, calls, endedAt } = await runtime.run('main');
    expect({ cut, error, log, calls: calls.length }).toEqual({
      cut: true,
      error: 'The execution was cut.',
      log: [],
      calls: at,
    });
    expect(endedAt).toBeDefined();
    expect((await runtime.run('look')).log).toEqual([left]);
  });

  it('runs to its end if it has no such call, and the next one is not cut', async () => {
    const { runtime } = start(THREE_CALLS);
    runtime.cutNext({ at: 4, side: 'before' });
    const first = await runtime.run('main');
    expect(first).toMatchObject({ log: ['end'], calls: { length: 3 } });
    expect(first.cut).toBeUndefined();
    expect(first.error).toBeUndefined();
  });

  it('is the one of the function that was named', async () => {
    const { runtime } = start(THREE_CALLS);
    runtime.cutNext({ at: 1, side: 'before', function: 'main' });
    expect((await runtime.run('look')).cut).toBeUndefined();
    expect((await runtime.run('main')).cut).toBe(true);
    expect((await runtime.run('main')).cut).toBeUndefined();
  });

  it('dies after a call even if that call failed', async () => {
    const { runtime } = start(
      "function main() { try { UrlFetchApp.fetchAll(['https://api.example.com/']); } finally { console.log('alive'); } }",
      {
        network: () => Promise.reject(new Error('down')),
      },
    );
    runtime.cutNext({ at: 1, side: 'after' });
    expect(await runtime.run('main')).toMatchObject({ cut: true, log: [] });
  });
});

it('ends after six minutes of the local clock, and the script cannot catch it', async () => {
  const { runtime, clock } = start(
    "function main() { console.log('begun'); try { Utilities.sleep(300000); Utilities.sleep(300000); } catch (error) {} console.log('survived'); }",
  );
  const running = runtime.run('main');
  await until(() => runtime.executions()[0]?.log[0] === 'begun');
  clock.moveTo(clock.now() + 6 * 60_000 + 1);
  expect(await running).toMatchObject({ error: 'Exceeded maximum execution time', log: ['begun'] });
});

it('ends a script that only computes, too', async () => {
  const { runtime, clock } = start("function main() { console.log('begun'); for (;;); }");
  const running = runtime.run('main');
  await until(() => runtime.executions()[0]?.log[0] === 'begun');
  clock.moveTo(clock.now() + 6 * 60_000 + 1);
  expect((await running).error).toBe('Exceeded maximum execution time');
});

it('runs thirty executions of an account at once, and refuses one more of it', async () => {
  const { runtime, clock, sleeps } = start('function main() { Utilities.sleep(60000); }');
  const running = Array.from({ length: 31 }, () => runtime.run('main'));
  expect((await running[30])?.error).toMatch('too many scripts running simultaneously');
  running[30] = runtime.run('main', { user: 'intern@example.com' });
  await until(() => sleeps() === 31);
  clock.moveTo(clock.now() + 60_000);
  expect((await Promise.all(running)).filter(({ error }) => error)).toEqual([]);
});

it('keeps nothing of one execution’s globals for the next', async () => {
  const { runtime } = start(
    'let count = 0; function main() { count += 1; globalThis.left = true; console.log(count); }',
  );
  expect((await runtime.run('main')).log).toEqual(['1']);
  expect((await runtime.run('main')).log).toEqual(['1']);
});

it('keeps nothing that one execution changed in the language, or left to run later, for the next', async () => {
  const { runtime } = start(`function main() {
    console.log([].left, JSON.left, typeof Date.now());
    Array.prototype.left = JSON.left = true;
    Date.now = () => 'never';
    Promise.resolve().then(() => console.log('later'));
  }`);
  const { log } = await runtime.run('main');
  expect(log).toEqual(['undefined undefined number', 'later']);
  expect((await runtime.run('main')).log).toEqual(log);
});

it('says where a broken script is broken', async () => {
  const { runtime } = start('function main( {');
  expect((await runtime.run('main')).error).toMatch(/Unexpected|SyntaxError/);
});
