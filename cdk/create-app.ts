import { createRequire } from 'node:module';
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Config } from '../config/schema.ts';
import { switchesOf } from '../config/switch-stacks.ts';
import { ControlPlaneStack } from './control-plane-stack.ts';
import { controlPlaneStackName, switchStackName } from './names.ts';
import { SwitchStack } from './switch-stack.ts';

/** What `cdk init` would write into cdk.json, as this version of the library has it. */
const recommendedFlags: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

/**
 * One deployment for each environment: a control plane at home, and a switch wherever its services have web ACLs.
 * Nothing crosses between environments, so each can have an account of its own.
 */
export function createApp(config: Config, props: AppProps = {}): App {
  const app = new App({
    analyticsReporting: false,
    ...props,
    postCliContext: {
      ...recommendedFlags,
      // Stack tags reach every resource, and a changed tag makes CloudFormation write a whole rule group: without its rules.
      '@aws-cdk/core:explicitStackTags': true,
    },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const [environment, settings] of Object.entries(config.environments)) {
    const { account, region, production } = settings;
    const protection = { terminationProtection: production };
    new ControlPlaneStack(app, controlPlaneStackName(environment), {
      ...protection,
      env: { account, region },
      environment,
      settings,
    });
    for (const { place, stack, services } of switchesOf(settings)) {
      new SwitchStack(app, switchStackName(environment, place, stack), {
        ...protection,
        env: { account, region: place.region },
        environment,
        scope: place.scope,
        services,
      });
    }
  }
  return app;
}
