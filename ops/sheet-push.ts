import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { breakGlassApi } from './break-glass-api.ts';
import { readBuiltConfig } from './built-config.ts';
import type { Place } from './sheet-push/check-release.ts';
import { sheetPushCommand } from './sheet-push/command.ts';
import type { ProjectName } from './sheet-push/project.ts';
import { claspAt } from './sheet-push/run-clasp.ts';
import { readStackOutputs } from './stack-outputs.ts';
import { start } from './terminal.ts';

/** `npm run sheet:push`: wiring. Bundled into dist/ops. */
const ROOT = new URL('../../', import.meta.url);
const FOLDERS: Readonly<Record<ProjectName, string>> = {
  dev: 'apps-script',
  prod: 'apps-script',
  'self-test': 'apps-script-self-test',
};
const credentials = ({ profile }: Place) => defaultProvider(profile === undefined ? {} : { profile });

await start(
  sheetPushCommand({
    readBuiltConfig,
    readProjectFile: (name) =>
      readFile(new URL(name, ROOT), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    readBuilt: (name, project) => readFile(new URL(`dist/${FOLDERS[project]}/${name}`, ROOT), 'utf8'),
    hosts: (place) =>
      readStackOutputs(
        new CloudFormationClient({ region: place.region, credentials: credentials(place) }),
        place.environment,
        place.region,
      ),
    services: ({ apiUrl, ...place }) =>
      breakGlassApi({
        ...place,
        url: apiUrl,
        credentials: credentials(place),
        now: () => Date.now(),
        sleep: (ms) => sleep(ms),
      }).services(),
    clasp: claspAt(fileURLToPath(new URL('node_modules/@google/clasp/build/src/index.js', ROOT))),
  }),
);
