import type { SlackConfig } from '../../../config/schema.ts';
import { admissionMessages } from '../words/slack-words.ts';
import type { Asking } from './request.ts';

/** Who may ask, and where. Pure: each says why not, or nothing. */

/** What `users.info` tells of a person. */
export interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_app_user?: boolean;
  readonly is_workflow_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly is_invited_user?: boolean;
  readonly is_email_confirmed?: boolean;
  readonly enterprise_user?: { readonly enterprise_id?: string; readonly teams?: readonly string[] };
  readonly profile?: { readonly email?: string; readonly bot_id?: string };
}

export function placeObjection(
  slack: SlackConfig,
  { appId, workspace, enterprise, channel }: Asking,
): string | undefined {
  if (appId !== slack.appId) return admissionMessages.anotherApp;
  const isOfEnterprise = slack.enterprise === undefined || slack.enterprise === enterprise;
  if (!slack.workspaces.includes(workspace) || !isOfEnterprise) return admissionMessages.anotherWorkspace;
  return slack.channels.includes(channel) ? undefined : admissionMessages.anotherChannel(slack.channels);
}

export type Admitted = { readonly email: string } | { readonly objection: string };

export function admit(slack: SlackConfig, user: SlackUser): Admitted {
  const objection = personObjection(slack, user);
  return objection === undefined ? { email: user.profile?.email?.trim().toLowerCase() ?? '' } : { objection };
}

function personObjection(slack: SlackConfig, user: SlackUser): string | undefined {
  if (user.is_bot || user.is_app_user || user.is_workflow_bot || user.profile?.bot_id) return admissionMessages.bot;
  if (user.deleted) return admissionMessages.left;
  if (user.is_stranger || !isOurs(slack, user)) return admissionMessages.stranger;
  if (user.is_restricted || user.is_ultra_restricted || user.is_invited_user) return admissionMessages.guest;
  if (!user.profile?.email?.includes('@')) return admissionMessages.noEmail;
  // Who may change their own address could take an operator's: it counts once Slack has confirmed it.
  return user.is_email_confirmed === false ? admissionMessages.unconfirmed : undefined;
}

/** Of one of our workspaces: a channel may be shared with another company's. */
function isOurs({ workspaces, enterprise }: SlackConfig, { team_id = '', enterprise_user }: SlackUser): boolean {
  if (workspaces.includes(team_id)) return true;
  const isOfEnterprise = enterprise !== undefined && enterprise_user?.enterprise_id === enterprise;
  return isOfEnterprise && (enterprise_user?.teams ?? []).some((team) => workspaces.includes(team));
}
