/** What is mutated, by folder; and the tests that try it: those that run in this process, without what is built. */
export interface Folder {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const lambda = (name: string, ...tests: readonly string[]): [string, Folder] => [
  `lambda/src/${name}`,
  { mutate: [`lambda/src/${name}/**/*.ts`], tests: tests.map((test) => `test/unit/lambda/${test}`) },
];
const one = (folder: string, ...tests: readonly string[]) => tests.map((test) => `${folder}/${test}.test.ts`);

export const FOLDERS: Readonly<Record<string, Folder>> = Object.fromEntries([
  lambda(
    'operate',
    ...one('operate', 'operate', 'duplicates', 'orphans', 'rehearse', 'service-status', 'drive'),
    ...one('rundown', 'accepted', 'conflicts', 'rehearsal'),
    ...one('reconcile', 'pause-repair', 'repair'),
    ...one('api', 'break-glass'),
  ),
  lambda(
    'waf',
    ...one('waf', 'errors', 'inspect', 'pacing', 'rule-groups', 'rules/pages', 'rules/rules', 'who-gets-in'),
    ...one('operate', 'operate', 'rehearse'),
    ...one('reconcile', 'repair', 'readability'),
  ),
  lambda('proof', 'proof', ...one('operate', 'rehearse')),
  lambda(
    'store',
    ...one('store', 'table', 'service-states'),
    ...one('operate', 'operate', 'duplicates'),
    ...one('rundown', 'sync', 'orphans'),
    ...one('reconcile', 'notices', 'remind', 'silent-sheets'),
    ...one('slack', 'feed', 'work'),
  ),
  lambda('rundown/plan', 'rundown'),
  lambda('rundown', 'rundown', ...one('schedule', 'run-due-steps')),
  lambda('reconcile', 'reconcile'),
  lambda('schedule', 'schedule', ...one('rundown', 'sync')),
  lambda('api', 'api'),
  [
    'contract',
    {
      mutate: ['contract/*.ts'],
      tests: [
        'test/unit/contract',
        'test/unit/apps-script/sync-request.test.ts',
        'test/unit/lambda/rundown/sync.test.ts',
      ],
    },
  ],
  [
    'apps-script/src',
    {
      mutate: ['apps-script/src/sync.ts', 'apps-script/src/apply-writes.ts'],
      tests: ['apply-writes', 'edit-of-a-sheet'].map((test) => `test/unit/apps-script/${test}.test.ts`),
    },
  ],
]);
