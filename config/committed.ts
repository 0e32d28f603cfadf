import { ConfigError } from './config-error.ts';
import { defineConfig } from './define-config.ts';
import type { Config, ConfigInput } from './schema.ts';

/**
 * The config that a file exports, whatever somebody wrote into it.
 * @throws ConfigError - It exports nothing, or not a config.
 */
export function committedConfig(file: object): Config {
  const config: unknown = 'default' in file ? file.default : undefined;
  if (typeof config === 'object' && config !== null) return defineConfig(config as ConfigInput);
  throw new ConfigError(
    'drawbridge.config.ts exports no config by default. It must have "export default defineConfig({ ... })": begin with a ' +
      'copy of docs/examples/minimal.config.ts.',
  );
}
