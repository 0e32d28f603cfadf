import * as z from 'zod/mini';
import { explain } from '../../contract/parse.ts';
import { CommandError } from '../command.ts';

/** `.clasp.dev.json`, `.clasp.prod.json`, `.clasp.self-test.json`: which script project, and which environments it works on. */

export const PROJECTS = ['dev', 'prod', 'self-test'] as const;
export type ProjectName = (typeof PROJECTS)[number];

const httpsUrl = z.string().check(z.regex(/^https:\/\/[^\s/]+(\/\S*)?$/, 'It must be an https URL.'));

const scriptId = z.string().check(z.regex(/^[\w-]{20,}$/, 'It must be the id of a script: Project Settings → IDs.'));

const environment = z.strictObject({
  /** Of ~/.aws/config: environments live in accounts of their own. */
  profile: z.optional(z.string()),
  /** For people who may not read the stack: as `npm run connect` prints them. */
  apiUrl: z.optional(httpsUrl),
  tokenUrl: z.optional(httpsUrl),
});

const schema = z.strictObject({
  scriptId,
  environments: z
    .record(z.string(), environment)
    .check(z.refine((all) => Object.keys(all).length > 0, 'It must name at least one environment.')),
});
/** It works on none. */
const selfTestSchema = z.strictObject({ scriptId });

export type Project = z.output<typeof schema>;
export type ProjectEnvironment = Project['environments'][string];

export const projectFile = (name: ProjectName): string => `.clasp.${name}.json`;

/**
 * @param read - undefined if there is no such file.
 * @throws CommandError - It is not there, or not what it should be.
 */
export async function readProject(
  name: ProjectName,
  read: (file: string) => Promise<string | undefined>,
): Promise<Project> {
  const file = projectFile(name);
  const text = await read(file);
  if (text === undefined) {
    throw new CommandError(`There is no ${file}. Copy ${file}.example to it, and fill in the script’s id.`);
  }
  const input = parsed(text);
  const result = z.safeParse(name === 'self-test' ? selfTestSchema : schema, input);
  if (result.success) return { environments: {}, ...result.data };
  throw new CommandError(`${file}: ${explain(result.error, input).message}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
