import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCeilings, type StackSize, sizesOf } from '../cdk/ceilings.ts';
import { createApp } from '../cdk/create-app.ts';
import { defineConfig } from '../config/define-config.ts';

/** `npm run ceilings`: how large the stacks become with the number of services. Needs what `npm run build` made. */

const PER_STACK = 100;
const target = (scope: 'REGIONAL' | 'CLOUDFRONT', region: string) => ({ scope, region, verification: 'none' as const });

/** Every service at CloudFront and behind it. */
const configOf = (count: number) =>
  defineConfig({
    environments: {
      production: {
        account: '111122223333',
        operators: ['release.manager@example.com'],
        services: Array.from({ length: count }, (_none, at) => ({
          name: `a-service-with-a-rather-long-name-${at}`,
          stack: Math.floor(at / PER_STACK) + 1,
          targets: [target('REGIONAL', 'eu-west-1'), target('CLOUDFRONT', 'us-east-1')],
        })),
      },
    },
  });

async function synthesize(count: number): Promise<StackSize[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'drawbridge-ceilings-'));
  try {
    return sizesOf(createApp(configOf(count), { outdir }).synth());
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

const cells = (...texts: (string | number)[]) => console.log(`| ${texts.join(' | ')} |`);
cells('services', 'stacks', 'resources', 'outputs', 'template', 'policies of a role', 'break-glass policy');
cells(...Array<string>(7).fill('---'));
cells('*AWS takes*', '2,000', '500', '200', '1 MB', '10,240', '6,144');
for (const count of [1, 50, 100, 500]) {
  const sizes = await synthesize(count);
  checkCeilings(sizes);
  const most = (key: Exclude<keyof StackSize, 'name'>) => Math.max(...sizes.map((size) => size[key]));
  const kilobytes = `${Math.ceil(most('templateBytes') / 1_000)} kB`;
  cells(
    count,
    sizes.length,
    most('resources'),
    most('outputs'),
    kilobytes,
    most('roleCharacters'),
    most('policyCharacters'),
  );
}
