import { SLACK_ROUTE } from '../../contract/routes.ts';

/** What the bot may do in Slack: write where it was invited, and know who asks by their address. Nothing is read. */
export const BOT_SCOPES = ['chat:write', 'commands', 'users:read', 'users:read.email'];

/**
 * A Slack app for one environment, as Slack takes it under "Create an app from a manifest".
 * @see https://docs.slack.dev/reference/app-manifest
 */
export function slackManifest({
  environment,
  apiUrl,
  command,
}: {
  environment: string;
  apiUrl: string;
  command: string;
}) {
  const url = `${apiUrl}${SLACK_ROUTE.path}`;
  return {
    display_information: {
      name: `Drawbridge ${environment}`.slice(0, 35),
      description: `Maintenance mode of ${environment}`,
    },
    features: {
      bot_user: { display_name: `Drawbridge ${environment}`, always_online: true },
      slash_commands: [
        {
          command,
          url,
          description: `Maintenance mode of ${environment}`,
          usage_hint: 'status | enter shop | exit shop | help',
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: BOT_SCOPES } },
    settings: {
      interactivity: { is_enabled: true, request_url: url },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}
