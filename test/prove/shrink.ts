import type { World } from './acts.ts';

/** Leaves out acts, halves first and then one by one, for as long as the world stays wrong. */
export async function shrink(world: World, isWrong: (world: World) => Promise<boolean>): Promise<World> {
  let { acts } = world;
  for (let size = Math.ceil(acts.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < acts.length; ) {
      const fewer = [...acts.slice(0, from), ...acts.slice(from + size)];
      if (await isWrong({ ...world, acts: fewer })) acts = fewer;
      else from += size;
    }
  }
  return { ...world, acts };
}

/** What is wrong, without the names and numbers that differ from one world to another. */
export const kindOf = (wrong: string): string =>
  wrong
    .replace(/^.*\): /s, '')
    .replace(/production-\w+|\d+|shop|payments|storefront|\S+@\S+/g, '…')
    .slice(0, 50);
