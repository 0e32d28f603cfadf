import * as z from 'zod/mini';
import { explain } from '../contract/parse.ts';
import { checkConsistency } from './checks.ts';
import { ConfigError } from './config-error.ts';
import { type Config, type ConfigInput, configSchema, KNOWN_FIELDS } from './schema.ts';

/**
 * Checks the config and fills in the defaults.
 * @throws ConfigError - Names the service, the field, and what would be right.
 */
export function defineConfig(input: ConfigInput): Config {
  const result = z.safeParse(configSchema, input);
  if (!result.success) {
    throw new ConfigError(`drawbridge.config.ts: ${named(input, guessed(explain(result.error, input).message))}`);
  }
  checkConsistency(result.data);
  return result.data;
}

/** A place in a list is nothing that people know a service by. */
function named(input: ConfigInput, message: string): string {
  return message.replace(/environments\.([^.\s]+)\.services\[(\d+)\]/, (place, name: string, index: string) => {
    const service: { name?: unknown } | undefined = input.environments?.[name]?.services?.[Number(index)];
    return typeof service?.name === 'string' ? `${place} (service "${service.name}")` : place;
  });
}

/** "Leave it out" would be the wrong advice for what is only misspelt. */
function guessed(message: string): string {
  return message.replace(/The field (\S+) is not known\. Leave it out\./, (_whole, field: string) => {
    const typed = simple(field.replace(/^.*\./, ''));
    const meant = KNOWN_FIELDS.find((known) => simple(known) === typed || simple(known).startsWith(typed));
    const remedy = meant ? `Did you mean ${meant}?` : 'docs/examples/full.config.ts has all that there are.';
    return `The field ${field} is not known. ${remedy}`;
  });
}

const simple = (field: string): string => field.toLowerCase().replace(/e?s$/, '');
