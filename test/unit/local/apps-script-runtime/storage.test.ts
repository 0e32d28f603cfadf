import { createClock } from '../../../../local/clock.ts';
import { runtimeHouse, until } from './start-runtime.ts';

const { start, ask } = runtimeHouse();

describe('properties', () => {
  it('are kept for the next execution, script and user apart', async () => {
    const { runtime } = start(`
      function write() {
        PropertiesService.getUserProperties().setProperty('a', 1).setProperties({ b: 'two', c: 'three' });
        PropertiesService.getUserProperties().deleteProperty('c');
      }
      function read() {
        const user = PropertiesService.getUserProperties();
        console.log(JSON.stringify([user.getProperties(), user.getProperty('c'),
          PropertiesService.getScriptProperties().getProperty('a'), PropertiesService.getScriptProperties().getProperty('seed')]));
      }`);
    runtime.setScriptProperty('seed', 'x');
    await runtime.run('write');
    const { log } = await runtime.run('read');
    expect(JSON.parse(log[0] ?? '')).toEqual([{ a: '1', b: 'two' }, null, null, 'x']);
  });

  it('refuse a value over 9 KB, and more than 500 KB in all', async () => {
    const put = "PropertiesService.getUserProperties().setProperty('k', 'x'.repeat(9217))";
    await expect(ask(put)).rejects.toThrow('Argument too large: value of k');
    const fill = `for (let at = 0; at < 60; at += 1) PropertiesService.getUserProperties().setProperty('k' + at, 'x'.repeat(9000))`;
    await expect(ask(fill)).rejects.toThrow('exceeded the property storage quota');
  });
});

describe('the cache', () => {
  const CACHE = 'const cache = CacheService.getUserCache();';

  it('forgets a value after its seconds, on the local clock', async () => {
    const { runtime, clock } = start(`
      function put() { ${CACHE} cache.put('token', 'x', 60); }
      function get() { ${CACHE} console.log(cache.get('token')); }`);
    await runtime.run('put');
    expect((await runtime.run('get')).log).toEqual(['x']);
    clock.moveTo(clock.now() + 60_000);
    expect((await runtime.run('get')).log).toEqual(['null']);
  });

  it('refuses more than six hours and more than 100 KB', async () => {
    await expect(ask(`${CACHE} cache.put('k', 'v', 21601)`)).rejects.toThrow('expirationInSeconds');
    await expect(ask(`${CACHE} cache.put('k', 'x'.repeat(102401))`)).rejects.toThrow('Argument too large: value');
  });

  it('may lose a value at any time, if the platform is that hostile', async () => {
    const body = `${CACHE} cache.put('k', 'v'); return cache.get('k')`;
    expect(await ask(body)).toBe('v');
    expect(await ask(body, { faultInjection: { evictCache: 1 } })).toBe(null);
  });
});

describe('the script lock', () => {
  const CODE = `
    const lock = LockService.getScriptLock();
    function hold() { lock.tryLock(1000); console.log('holds'); Utilities.sleep(60000); }
    function want() { console.log('wants'); console.log(lock.tryLock(120000)); lock.releaseLock(); }
    function impatient() { console.log(lock.tryLock(0)); }`;

  it('keeps a second execution waiting until the first has ended', async () => {
    const { runtime, clock, sleeps } = start(CODE);
    const holding = runtime.run('hold');
    await until(() => sleeps() > 0);
    expect(await runtime.run('impatient')).toMatchObject({ log: ['false'] });
    const wanting = runtime.run('want');
    await until(() => runtime.executions()[2]?.log[0] === 'wants');
    clock.moveTo(clock.now() + 60_000);
    await holding;
    expect((await wanting).log).toEqual(['wants', 'true']);
  });

  it('is free again after its holder was cut', async () => {
    const { runtime } = start(CODE);
    runtime.cutNext({ at: 1, side: 'after' });
    expect(await runtime.run('hold')).toMatchObject({ cut: true });
    expect((await runtime.run('want')).log).toEqual(['wants', 'true']);
  });
});

it('lets a sleeping script go on when the local clock is moved', async () => {
  const clock = createClock(0);
  const { runtime, sleeps } = start(
    'function main() { console.log(1); Utilities.sleep(240000); console.log(Date.now() >= 240000); }',
    {
      clock,
    },
  );
  const running = runtime.run('main');
  await until(() => sleeps() > 0);
  clock.moveTo(240_000);
  expect((await running).log).toEqual(['1', 'true']);
});
