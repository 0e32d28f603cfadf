import type { ServiceConfig, TargetConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { examineTarget } from '../../../../lambda/src/waf/examine.ts';
import { requestOf } from '../../../builders.ts';
import { createWorld, type World } from '../rundown/terminal.ts';

/** What a rehearsal reads: a target as a write would find it. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;

let world: World;
beforeEach(async () => {
  world = createWorld();
  await operate(world.deps, requestOf());
});

const group = () => world.ruleGroups.read(PLACE);
const examined = (withSets: boolean, ruleGroups: Partial<World['deps']['ruleGroups']> = {}) => {
  const service = world.deps.config.services[0] as ServiceConfig;
  const deps = { ...world.deps, ruleGroups: { ...world.ruleGroups, ...ruleGroups } };
  const options = { until: world.clock.now + 1_000, withSets };
  return examineTarget(deps, service, service.targets[0] as TargetConfig, options);
};

it('a target tells what it holds, and its sets only where they would be needed', async () => {
  const { value } = await group();
  const told = { target: 'REGIONAL/eu-west-1', capacity: 250, description: value.Description };
  expect(await examined(false)).toEqual({ ...told, rules: value.Rules?.length, setArns: {} });
  const setArns = { 4: 'arn:shop REGIONAL/eu-west-1 4', 6: 'arn:shop REGIONAL/eu-west-1 6' };
  expect(await examined(true)).toEqual({ ...told, rules: value.Rules?.length, setArns });
});

it('a target that WAF tells nothing of is empty, and as large as ours are made', async () => {
  const read = async () => ({ ...(await group()), value: {} as never });
  expect(await examined(false, { read })).toMatchObject({ capacity: 250, description: '', rules: 0 });
});

it('a target without a lock token could not be written, nor one whose sets have none', async () => {
  const read = async () => ({ ...(await group()), lockToken: '' });
  const told = { capacity: 250, description: '', rules: 0, setArns: {} };
  expect(await examined(false, { read })).toMatchObject({ ...told, error: { code: 'FIREWALL_UNREACHABLE' } });
  const readSet: World['ruleGroups']['readSet'] = async (place, version) => {
    const set = await world.ruleGroups.readSet(place, version);
    return version === 6 ? { ...set, lockToken: '' } : set;
  };
  expect((await examined(true, { readSet })).error?.code).toBe('FIREWALL_UNREACHABLE');
  expect((await examined(false, { readSet })).error).toBeUndefined();
});
