import type { SlackConfig } from '../../../config/schema.ts';
import type { RundownDependencies } from '../rundown/dependencies.ts';
import type { SlackRequest } from './request.ts';
import type { SlackSecrets } from './secrets.ts';
import type { SlackApi } from './web-api.ts';

/** What another invocation of this function is made with: a request whose signature and place were checked. */
export interface WorkEvent {
  readonly slack: SlackRequest;
}

export const isWorkEvent = (event: object): event is WorkEvent => 'slack' in event;

export interface SlackDependencies extends RundownDependencies {
  readonly slack: SlackConfig;
  readonly slackApi: SlackApi;
  secrets(): Promise<SlackSecrets>;
  invokeSelf(event: WorkEvent): Promise<void>;
}
