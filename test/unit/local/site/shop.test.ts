import type { Listening } from '../../../../local/http-server.ts';
import { startShop } from '../../../../local/site/shop.ts';

let shop: Listening;
beforeAll(async () => {
  shop = await startShop({ title: 'Corner shop' });
});
afterAll(() => shop.close());

const get = (path: string) => fetch(`${shop.url}${path}`, { signal: AbortSignal.timeout(5_000) });

it('shows people a page, programs JSON, and health checks a word', async () => {
  expect(await (await get('/')).text()).toContain('<title>Corner shop</title>');
  expect(await (await get('/api/cart')).json()).toMatchObject({ path: '/api/cart' });
  expect(await (await get('/health')).text()).toBe('ok');
});

it('knows nothing of maintenance', async () => {
  for (const path of ['/', '/api/cart', '/health']) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter((name) => name.includes('maintenance'))).toEqual([]);
  }
});
