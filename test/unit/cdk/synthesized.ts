import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { createApp } from '../../../cdk/create-app.ts';
import { defineConfig } from '../../../config/define-config.ts';
import type { ConfigInput } from '../../../config/schema.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly [attribute: string]: unknown;
}
export interface TemplateBody {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
}

export const LOAD_BALANCER =
  'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/payments/50dc6c495c0c9188';

/** Both scopes, both attachments; only the fields that stacks follow. */
export const INPUT = {
  environments: {
    production: {
      account: '111122223333',
      production: true,
      operators: ['release.manager@example.com'],
      alarms: { email: ['on.call@example.com'] },
      services: [
        {
          name: 'shop',
          cloudFront: true,
          targets: [
            { scope: 'CLOUDFRONT', region: 'us-east-1', attachment: { dedicated: {} }, verification: 'none' },
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              clientAddress: { header: 'X-Forwarded-For', position: 'LAST' },
              verification: 'none',
            },
          ],
        },
        {
          name: 'payments',
          targets: [
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              attachment: { dedicated: { loadBalancerArns: [LOAD_BALANCER] } },
              verification: 'none',
            },
          ],
        },
      ],
    },
  },
} satisfies ConfigInput;

const folders: string[] = [];

/** What the command adds of itself: it writes construct paths into every resource. */
const AS_THE_COMMAND = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

/**
 * Synthesizes into a folder of its own, as the command does. The command's own validation of templates is left out: all
 * that it finds is printed as a warning, and it takes longer than everything else.
 *
 * @param touch - What somebody else does to the app before.
 */
export function synthesized(input: ConfigInput = INPUT, touch: (app: App) => void = () => {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'drawbridge-cdk-'));
  folders.push(outdir);
  const app = createApp(defineConfig(input), {
    outdir,
    context: AS_THE_COMMAND,
    builtinCloudFormationValidation: false,
  });
  touch(app);
  const assembly: CloudAssembly = app.synth();
  const stack = (name: string): CloudFormationStackArtifact => assembly.getStackByName(name);
  return { app, assembly, stack, template: (name: string) => stack(name).template as TemplateBody };
}

export function removeSynthesized(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export const resourcesOf = (template: TemplateBody, type: string): Resource[] =>
  Object.values(template.Resources).filter(({ Type }) => Type === type);

/** Text that CloudFormation joins at deployment, as it will read in this account. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  const [intrinsic, argument] = Object.entries(value as object)[0] as [string, unknown];
  if (intrinsic === 'Fn::Join') {
    const [delimiter, parts] = argument as [string, unknown[]];
    return parts.map(plain).join(delimiter);
  }
  if (argument === 'AWS::Partition') return 'aws';
  if (argument === 'AWS::AccountId') return '111122223333';
  return `<${[argument].flat().join('.')}>`;
}
