import * as z from 'zod/mini';
import { invalidShape, notSupported } from './errors.ts';

type Issue = z.core.$ZodIssue;

const pathOf = ({ path }: Issue, ...more: readonly string[]): string => [...path, ...more].map(String).join('.');

/** What the issue says is missing here, if that is what it says. */
function missingHere(issue: Issue): string | undefined {
  if (issue.code === 'unrecognized_keys') return pathOf(issue, issue.keys[0] ?? '');
  if (issue.code === 'custom' && issue.params?.notSupported) return `${pathOf(issue)} ${issue.params.notSupported}`;
  return undefined;
}

function constraint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Member must be of type ${issue.expected}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'too_small':
      return `Member must be at least ${issue.minimum}`;
    case 'too_big':
      return `Member must be at most ${issue.maximum}`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern}`;
    default:
      return 'Member must not be malformed';
  }
}

/**
 * One request as its operation understands it.
 * @throws WafError - "not supported by the local WAF" before anything is called invalid.
 */
export function parse<S extends z.ZodMiniType>(schema: S, body: unknown): z.output<S> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const { issues } = result.error;
  const missing = issues.map(missingHere).find((what) => what !== undefined);
  if (missing) throw notSupported(missing);
  const [issue] = issues as [Issue];
  throw invalidShape(pathOf(issue) || 'request', constraint(issue));
}
