/** Where the Slack app's two secrets are in the Parameter Store: stack, commands and local stack go by these names. */
export const slackParameters = (environment: string) => ({
  /** One, or two while one replaces the other: newest first, separated by a blank. */
  signingSecrets: `/drawbridge/${environment}/slack/signing-secrets`,
  botToken: `/drawbridge/${environment}/slack/bot-token`,
});
