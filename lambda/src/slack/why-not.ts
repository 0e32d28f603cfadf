import { titleIn } from '../../../config/names.ts';
import type { ProblemError } from '../../../contract/problem.ts';
import { slackMessages } from '../words/slack-words.ts';
import type { SlackDependencies } from './dependencies.ts';

/** Why nothing was run, for a person: what a program would send again, they ask again. */
export const whyNot = (
  { config }: Pick<SlackDependencies, 'config'>,
  { code, message }: ProblemError,
  service: string,
): string => (code === 'TRY_AGAIN' ? slackMessages.busy(titleIn(config, service)) : message);
