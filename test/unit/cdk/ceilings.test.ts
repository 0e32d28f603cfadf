import { checkCeilings, sizesOf } from '../../../cdk/ceilings.ts';
import { defineConfig } from '../../../config/define-config.ts';
import { notesOn } from '../../../config/notes.ts';
import type { ConfigInput } from '../../../config/schema.ts';
import { removeSynthesized, synthesized } from './synthesized.ts';

afterAll(removeSynthesized);

const REGIONAL = { scope: 'REGIONAL' as const, region: 'eu-west-1', verification: 'none' as const };
const CLOUDFRONT = { scope: 'CLOUDFRONT' as const, region: 'us-east-1', verification: 'none' as const };

/** @param perStack - How many services have the same number of stack. */
const withServices = (count: number, perStack = count, targets: (typeof REGIONAL | typeof CLOUDFRONT)[] = [REGIONAL]) =>
  ({
    environments: {
      production: {
        account: '111122223333',
        operators: ['release.manager@example.com'],
        services: Array.from({ length: count }, (_none, at) => ({
          name: `a-service-with-a-rather-long-name-${at}`,
          stack: Math.floor(at / perStack) + 1,
          targets,
        })),
      },
    },
  }) satisfies ConfigInput;

it('has room for 500 services in two places: every stack and every role fits', () => {
  const sizes = sizesOf(synthesized(withServices(500, 100, [REGIONAL, CLOUDFRONT])).assembly);
  expect(sizes).toHaveLength(1 + 2 * 5);
  expect(() => checkCeilings(sizes)).not.toThrow();
  const [controlPlane] = sizes.filter(({ name }) => name === 'drawbridge-production');
  const [small] = sizesOf(synthesized(withServices(1, 1, [REGIONAL, CLOUDFRONT])).assembly);
  // It knows places, not services.
  expect({ ...controlPlane, name: '' }).toEqual({ ...small, name: '' });
}, 120_000);

it('says before CloudFormation does that a stack is full, and what to do with the next service', () => {
  expect(() => defineConfig(withServices(125))).not.toThrow();
  expect(() => defineConfig(withServices(126))).toThrow(
    'stack 1 of production in REGIONAL/eu-west-1 has 126 services: 504 resources, and CloudFormation takes 500. ' +
      'Give those that are not deployed yet stack: 2.',
  );
});

it('keeps who shares a web ACL in the stack of its owner', () => {
  const input = withServices(2, 1);
  const [owner, sharer] = input.environments.production.services as [object, object];
  const loadBalancerArns = [
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188',
  ];
  Object.assign(owner, {
    hosts: ['one.example.com'],
    targets: [{ ...REGIONAL, attachment: { dedicated: { loadBalancerArns } } }],
  });
  Object.assign(sharer, {
    hosts: ['two.example.com'],
    targets: [{ ...REGIONAL, attachment: { sharedWith: 'a-service-with-a-rather-long-name-0' } }],
  });
  expect(() => defineConfig(input)).toThrow(/which is in stack 1\. Give both the same stack/);
});

it('names whatever else AWS would refuse', () => {
  const size = { name: 'a', resources: 1, outputs: 1, templateBytes: 1, roleCharacters: 1, policyCharacters: 1 };
  expect(() => checkCeilings([size])).not.toThrow();
  expect(() => checkCeilings([{ ...size, roleCharacters: 10_241 }])).toThrow(
    /^a: 10241 characters in the policies of one role.*10240/,
  );
  expect(() => checkCeilings([{ ...size, templateBytes: 1_000_001 }])).toThrow('bytes of template');
});

it('notes from 50 services in a region on which quota to ask for, and from 100 on the second one', () => {
  const quotas = (count: number) =>
    notesOn(defineConfig(withServices(count))).filter((note) => note.includes('quota') || note.includes('Quotas'));
  expect(quotas(49)).toEqual([]);
  expect(quotas(50)).toEqual([
    expect.stringContaining('ask Service Quotas there for 100 of “Maximum IP sets per account in WAF for regional”'),
  ]);
  expect(quotas(50).join()).not.toContain('rule groups');
  expect(quotas(100).join()).toContain('for 100 of “Maximum rule groups per account in WAF for regional”');
});

it('creates services one after the other in a few lanes, and nothing frozen changes when one comes between', () => {
  const names = (input: ConfigInput) => {
    const { Resources } = synthesized(input).template('drawbridge-production-switch-eu-west-1-regional');
    return Resources;
  };
  const before = names(withServices(12));
  const starts = Object.values(before).filter(
    ({ Type, DependsOn }) => Type !== 'AWS::WAFv2::IPSet' && DependsOn === undefined,
  );
  // A create of the first kind in each lane; all others wait.
  expect(starts.map(({ Type }) => Type)).toEqual(Array(3).fill('AWS::CloudFormation::WaitConditionHandle'));

  const input = withServices(12);
  input.environments.production.services.push({ name: 'a-first-one', stack: 1, targets: [REGIONAL] });
  const after = names(input);
  const frozen = Object.entries(before).filter(([, { Type }]) => Type.startsWith('AWS::WAFv2::'));
  expect(frozen).toHaveLength(36);
  for (const [id, resource] of frozen) expect(after[id]).toEqual(resource);
  for (const { Type, DependsOn } of Object.values(after)) {
    if (Type.startsWith('AWS::WAFv2::')) expect(DependsOn).toBeDefined();
  }
});
