import { attack } from './attack.ts';

/** Each case of the attack corpus is answered as it stands there, and nothing of it takes effect. */
it('no attack of the corpus comes to anything', async () => {
  const { wrong, attacks } = await attack();
  expect(wrong).toEqual([]);
  expect(attacks).toBeGreaterThan(280);
}, 60_000);
