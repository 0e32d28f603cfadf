import { allDone } from '../../../../lambda/src/model/all-done.ts';

it('gives what each came to, in their order', async () => {
  await expect(allDone([Promise.resolve('first'), 2])).resolves.toEqual(['first', 2]);
});

it('fails with the first that failed, and not before the others have ended', async () => {
  const ended: string[] = [];
  const slow = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    ended.push('slow');
  };
  const all = allDone([slow(), Promise.reject(new Error('broken')), Promise.reject(new Error('later'))]);
  await expect(all).rejects.toThrow('broken');
  expect(ended).toEqual(['slow']);
});
