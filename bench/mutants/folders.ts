/** What is mutated, by folder; and the tests that try it: those that run in this process, without what is built. */
export interface Folder {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const lambda = (name: string, ...tests: readonly string[]): [string, Folder] => [
  `lambda/src/${name}`,
  { mutate: [`lambda/src/${name}/**/*.ts`], tests: tests.map((test) => `test/unit/lambda/${test}`) },
];

/**
 * A fault that nobody notices is asked about in all of them: so tests that play whole nights are left out where those of the
 * folder see the same.
 */
export const FOLDERS: Readonly<Record<string, Folder>> = Object.fromEntries([
  lambda(
    'operate',
    'operate/checks.test.ts',
    'operate/duplicates.test.ts',
    'operate/in-memory.test.ts',
    'operate/next-state.test.ts',
    'operate/operate.test.ts',
    'operate/orphans.test.ts',
    'operate/rehearsal-facts.test.ts',
    'operate/rehearse.test.ts',
    'operate/service-status.test.ts',
    'operate/drive.test.ts',
  ),
  lambda(
    'waf',
    'waf/converge.test.ts',
    'waf/direct-write.test.ts',
    'waf/errors.test.ts',
    'waf/examine.test.ts',
    'waf/find-by-name.test.ts',
    'waf/inspect.test.ts',
    'waf/pacing.test.ts',
    'waf/retry-while-busy.test.ts',
    'waf/rule-groups.test.ts',
    'waf/rules',
    'waf/who-gets-in.test.ts',
    'operate/operate.test.ts',
    'operate/rehearse.test.ts',
  ),
  lambda('proof', 'proof'),
  lambda(
    'store',
    'store/busy-table.test.ts',
    'store/rundowns.test.ts',
    'store/service-states.test.ts',
    'store/small-stores.test.ts',
    'store/table.test.ts',
    'operate/duplicates.test.ts',
    'rundown/sync.test.ts',
  ),
  lambda(
    'rundown/plan',
    'rundown/allowlist-lines.test.ts',
    'rundown/another-step.test.ts',
    'rundown/apply-effects.test.ts',
    'rundown/limits-of-a-go.test.ts',
    'rundown/match-rows.test.ts',
    'rundown/one-step.test.ts',
    'rundown/other-statuses.test.ts',
    'rundown/plan.test.ts',
    'rundown/read-rows.test.ts',
    'rundown/rehearsal.test.ts',
    'rundown/rehearse-steps.test.ts',
    'rundown/step-status.test.ts',
    'rundown/sync.test.ts',
    'rundown/wall-time.test.ts',
  ),
  [
    'lambda/src/rundown',
    {
      mutate: ['lambda/src/rundown/*.ts'],
      tests: ['rundown', 'schedule'].map((test) => `test/unit/lambda/${test}`),
    },
  ],
  lambda('reconcile', 'reconcile', 'operate/drive.test.ts', 'proof/observe.test.ts'),
  lambda('schedule', 'schedule', 'reconcile/silent-sheets.test.ts', 'rundown/sync.test.ts'),
  lambda('api', 'api'),
  [
    'lambda/src/slack',
    {
      mutate: ['lambda/src/slack/**/*.ts'],
      tests: ['lambda/slack', 'local/slack/start.test.ts', 'local/ssm/start.test.ts'].map(
        (test) => `test/unit/${test}`,
      ),
    },
  ],
  lambda('notify', 'notify'),
  // Texts are most of it: whoever shows them compares them.
  lambda(
    'words',
    'words',
    'api/break-glass.test.ts',
    'chat',
    'operate/checks.test.ts',
    'operate/operate.test.ts',
    'reconcile/conditions.test.ts',
    'reconcile/notices.test.ts',
    'reconcile/readability.test.ts',
    'rundown/allowlist-lines.test.ts',
    'rundown/limits-of-a-go.test.ts',
    'rundown/other-statuses.test.ts',
    'rundown/rehearsal.test.ts',
    'rundown/step-status.test.ts',
    'slack/admission.test.ts',
    'slack/commands.test.ts',
    'slack/digest.test.ts',
    'slack/facts.test.ts',
    'slack/judge-press.test.ts',
    'slack/messages.test.ts',
    'slack/work.test.ts',
  ),
  [
    'contract',
    {
      mutate: ['contract/*.ts'],
      tests: [
        'test/unit/contract',
        'test/unit/apps-script/check-answer.test.ts',
        'test/unit/apps-script/sync-request.test.ts',
        'test/unit/ops/direct-write.test.ts',
      ],
    },
  ],
  [
    'apps-script/src',
    {
      mutate: ['apps-script/src/sync.ts', 'apps-script/src/apply-writes.ts'],
      tests: ['apply-writes', 'edit-of-a-sheet', 'sync', 'tick-of-sheets'].map(
        (test) => `test/unit/apps-script/${test}.test.ts`,
      ),
    },
  ],
]);
