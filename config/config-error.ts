/** Names the place in drawbridge.config.ts, and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
