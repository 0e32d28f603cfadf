import { type AwsCall, type Refusal, serveAwsJson, UnreadableError } from '../aws-json.ts';
import { credentialScopeOf } from '../credential-scope.ts';
import type { Listening } from '../http-server.ts';
import type { Trace } from '../trace.ts';

/** What the local Parameter Store does; everything else it refuses by name. */
export const SSM_EMULATES = [
  'GetParameter, GetParameters, PutParameter',
  'accounts by access key id (signatures are not checked)',
];

export interface SsmOptions {
  readonly port?: number;
  readonly clock: { now(): number };
  readonly trace?: Trace;
}

interface Parameter {
  readonly Name: string;
  readonly Type: 'String' | 'SecureString';
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: number;
}

class SsmError extends Error implements Refusal {
  override readonly name = 'SsmError';
  readonly status: number;
  readonly body: object;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.status = status;
    this.body = { __type: type, message };
  }
}

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  GetParameter: ['Name', 'WithDecryption'],
  GetParameters: ['Names', 'WithDecryption'],
  PutParameter: ['Name', 'Value', 'Type', 'Overwrite', 'Description'],
};
/** Of GetParameters. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MOST_NAMES = 10;
/** Of a standard parameter. */
const LONGEST_VALUE = 4_096;
const NAME = /^\/?[\w.-]+(\/[\w.-]+)*$/;

/** Starts a Parameter Store on loopback. Its protocol is AWS JSON 1.1. */
export function startSsm({ port, clock, trace }: SsmOptions): Promise<Listening> {
  const accounts = new Map<string, Map<string, Parameter>>();

  function storeOf(headers: AwsCall['headers']): Map<string, Parameter> {
    const scope = credentialScopeOf(headers);
    if (scope?.service !== 'ssm') throw new SsmError('MissingAuthenticationToken', 'not signed for ssm', 403);
    const found = accounts.get(scope.accessKeyId) ?? new Map();
    accounts.set(scope.accessKeyId, found);
    return found;
  }

  const shown = (parameter: Parameter, isDecrypted: unknown): Parameter =>
    parameter.Type === 'SecureString' && isDecrypted !== true ? { ...parameter, Value: 'AQICAHencrypted' } : parameter;

  const operations: Readonly<Record<string, (store: Map<string, Parameter>, body: Record<string, unknown>) => object>> =
    {
      GetParameter(store, { Name, WithDecryption }) {
        const found = store.get(String(Name));
        if (!found) throw new SsmError('ParameterNotFound', '');
        return { Parameter: shown(found, WithDecryption) };
      },
      GetParameters(store, { Names, WithDecryption }) {
        if (!Array.isArray(Names) || Names.length === 0 || Names.length > MOST_NAMES) {
          throw new SsmError('ValidationException', `Names must have 1 to ${MOST_NAMES} members.`);
        }
        const found = Names.flatMap((name) => store.get(name) ?? []);
        return {
          Parameters: found.map((one) => shown(one, WithDecryption)),
          InvalidParameters: Names.filter((name) => !store.has(name)),
        };
      },
      PutParameter(store, { Name, Value, Type, Overwrite }) {
        const name = String(Name);
        const before = store.get(name);
        if (!NAME.test(name)) throw new SsmError('ValidationException', `Parameter name: ${name} is not valid.`);
        if (typeof Value !== 'string' || Value === '' || Value.length > LONGEST_VALUE) {
          throw new SsmError('ValidationException', `Value must have 1 to ${LONGEST_VALUE} characters.`);
        }
        if (before && Overwrite !== true) {
          throw new SsmError(
            'ParameterAlreadyExists',
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          );
        }
        const type = Type ?? before?.Type;
        if (type !== 'String' && type !== 'SecureString') {
          throw new SsmError('ValidationException', `The type ${type} is not supported by the local Parameter Store.`);
        }
        const Version = (before?.Version ?? 0) + 1;
        store.set(name, { Name: name, Type: type, Value, Version, LastModifiedDate: clock.now() / 1_000 });
        return { Version, Tier: 'Standard' };
      },
    };

  function perform({ operation, headers, body }: AwsCall): object {
    const run = operations[operation];
    if (!run)
      throw new SsmError('UnknownOperationException', `${operation} is not supported by the local Parameter Store.`);
    const strange = Object.keys(body).find((key) => !KNOWN[operation]?.includes(key));
    if (strange) {
      throw new SsmError(
        'ValidationException',
        `The member ${strange} of ${operation} is not supported by the local Parameter Store.`,
      );
    }
    return run(storeOf(headers), body as Record<string, unknown>);
  }

  return serveAwsJson({
    ...{ version: '1.1', target: 'AmazonSSM', largestBytes: 100_000, port },
    call(asked) {
      const hop = { at: clock.now(), part: 'ssm', what: asked.operation } as const;
      try {
        const answer = perform(asked);
        trace?.({ ...hop, said: 'done', ok: true });
        return answer;
      } catch (error) {
        trace?.({ ...hop, said: (error as Error).message, ok: false });
        throw error;
      }
    },
    refusalOf(error) {
      if (error instanceof SsmError) return error;
      const { message } = error as Error;
      if (error instanceof UnreadableError) return new SsmError('SerializationException', message);
      return new SsmError('InternalServerError', `the local Parameter Store failed: ${message}`, 500);
    },
  });
}
