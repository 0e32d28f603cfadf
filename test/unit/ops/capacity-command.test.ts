import type { Rule } from '@aws-sdk/client-wafv2';
import { capacityCommand } from '../../../ops/capacity-command.ts';
import { EXIT, execute } from '../../../ops/command.ts';
import { wafReader } from '../../../ops/waf-reader.ts';
import { createTestEnvironment, environmentOf, PAGES, type TestEnvironmentOptions } from '../../builders.ts';
import { fakeTerminal } from './terminal.ts';

const SERVICE = { apiPrefixes: ['/api/'], exemptPaths: ['/health', { prefix: '/hooks/' }] };

async function capacity(env: TestEnvironmentOptions, answer?: (rules: readonly Rule[]) => number) {
  const { waf, otherClient, deps, close } = await createTestEnvironment({ service: SERVICE, ...env });
  const terminal = fakeTerminal();
  const asked: (readonly Rule[])[] = [];
  const reader = wafReader(otherClient, deps);
  const command = capacityCommand({
    readBuiltConfig: async () => ({
      config: { admins: [], environments: { production: environmentOf(SERVICE) } },
      pages: PAGES,
    }),
    waf: {
      ...reader,
      capacity: async (place, rules) => {
        asked.push(rules);
        return answer ? answer(rules) : reader.capacity(place, rules);
      },
    },
  });
  const code = await execute(command, [], terminal);
  const operations = waf.calls().map(({ operation }) => operation);
  await close();
  return { code, asked, operations, out: terminal.lines.out };
}

it('asks WAF about the rules with testers let in, for each target', async () => {
  const { code, out, asked, operations } = await capacity({});
  expect(code).toBe(EXIT.done);
  expect(out).toEqual([
    expect.stringMatching(/^✓ shop in REGIONAL\/eu-west-1: \d+ of 250 WCU/),
    expect.stringMatching(/^✓ shop in CLOUDFRONT\/us-east-1: \d+ of 250 WCU/),
  ]);
  expect(operations.filter((one) => one === 'CheckCapacity')).toHaveLength(2);
  expect(asked[0]?.map(({ Name }) => Name)).toContain('allowlisted');
});

it('adds what the sets cost before anything is deployed, when WAF knows none', async () => {
  const [deployed, bare] = [await capacity({}, () => 100), await capacity({ bare: true }, () => 100)];
  expect(deployed.out[0]).toContain(': 100 of 250');
  // Two sets of two units.
  expect(bare.out[0]).toContain(': 104 of 250');
});

it('asks a WAF that knows no sets for rules that it can judge', async () => {
  const { code, out } = await capacity({ bare: true });
  expect([code, out.length]).toEqual([EXIT.done, 2]);
});

it('ends with an error when WAF counts more than the group has, and says what to do', async () => {
  const { code, out } = await capacity({}, () => 251);
  expect(code).toBe(EXIT.failed);
  expect(out[0]).toMatch(/✗ .*251 of 250 WCU\. Name fewer/);
});
