import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { type Config, configFileSchema, type EnvironmentConfig, type ServiceConfig } from '../config/schema.ts';
import { explain } from '../contract/parse.ts';
import type { Pages } from '../lambda/src/waf/rules/pages.ts';
import { CommandError } from './command.ts';

/** What `npm run build` made of drawbridge.config.ts and the pages: the same file as in the Lambda's asset. */

export interface BuiltConfig {
  readonly config: Config;
  readonly pages: Pages;
}

/** Beside the bundled commands. */
const HERE = new URL('../lambda/config.json', import.meta.url);

/** @throws CommandError - It is not there, or not what it should be. */
export async function readBuiltConfig(at: URL = HERE): Promise<BuiltConfig> {
  const text = await readFile(at, 'utf8').catch(() => {
    throw new CommandError('dist/lambda/config.json is not there. Run npm run build first.');
  });
  const input: unknown = JSON.parse(text);
  const result = z.safeParse(configFileSchema, input);
  if (result.success) return result.data;
  throw new CommandError(`dist/lambda/config.json: ${explain(result.error, input).message} Run npm run build again.`);
}

/** @throws CommandError - Names those that there are. */
export function environmentOf({ environments }: Config, name: string): EnvironmentConfig {
  const found = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (found) return found;
  throw new CommandError(`There is no environment "${name}". There are: ${Object.keys(environments).join(', ')}.`);
}

/** @throws CommandError - Names those that there are. */
export function serviceOf({ services }: Pick<EnvironmentConfig, 'services'>, name: string): ServiceConfig {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw noSuchService({ services }, name);
}

export const noSuchService = ({ services }: Pick<EnvironmentConfig, 'services'>, name: string): CommandError =>
  new CommandError(`There is no service "${name}". There are: ${services.map((one) => one.name).join(', ')}.`);
