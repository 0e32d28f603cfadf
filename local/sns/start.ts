import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { credentialScopeOf } from '../credential-scope.ts';
import { type HttpAnswer, type Listening, readBody, serve } from '../http-server.ts';
import type { Trace } from '../trace.ts';
import { SnsError } from './errors.ts';
import { readPublish } from './publish.ts';

/** Somebody who publishes, as the local AWS tells accounts apart: by access key id. */
export interface Publisher {
  readonly environment: string;
  readonly accessKeyId: string;
  /** The one topic that it may publish to. */
  readonly topicArn: string;
}

export interface SnsOptions {
  readonly port?: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly trace?: Trace;
  readonly publishers: readonly Publisher[];
}

/** What was published; nobody subscribes here. */
export interface LocalNotice {
  /** Milliseconds since the epoch on the local clock. */
  readonly at: number;
  readonly environment: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
}

export interface Sns extends Listening {
  /** The last hundred, oldest first; it grows. */
  readonly notices: readonly LocalNotice[];
}

/** What the local SNS does; everything else it refuses by name. */
export const SNS_EMULATES = ['Publish to a topic, as text', 'accounts by access key id (signatures are not checked)'];

const MOST_NOTICES = 100;

/** Starts an SNS on loopback that keeps what is published. Its protocol is AWS Query: a form in, XML out. */
export async function startSns({ port, clock, trace, publishers }: SnsOptions): Promise<Sns> {
  const notices: LocalNotice[] = [];

  function call(request: IncomingMessage, body: string): string {
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    if (request.method !== 'POST' || action !== 'Publish') {
      throw new SnsError('InvalidAction', `The action "${action}" is not supported by the local SNS.`);
    }
    const at = clock.now();
    const publisher = publisherOf(request, publishers);
    const { environment } = publisher;
    const hop = { at, part: 'sns', what: `Publish ${form.get('Subject') ?? ''}`.trim(), environment } as const;
    try {
      const published = readPublish(form);
      checkTopic(published.topicArn, publisher, publishers);
      notices.push({ at, environment, ...published });
      if (notices.length > MOST_NOTICES) notices.shift();
      trace?.({ ...hop, said: 'taken', ok: true });
      return `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>${metadata()}</PublishResponse>`;
    } catch (error) {
      trace?.({ ...hop, said: (error as SnsError).code, ok: false });
      throw error;
    }
  }

  const server = await serve(async (request) => {
    const body = await readBody(request);
    return answered(() => call(request, body.toString('utf8')));
  }, port);
  return { ...server, notices };
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const metadata = (): string => `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;

function publisherOf({ headers }: IncomingMessage, publishers: readonly Publisher[]): Publisher {
  const scope = credentialScopeOf(headers);
  if (!scope) throw new SnsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  if (scope.service !== 'sns') {
    throw new SnsError('SignatureDoesNotMatch', "Credential should be scoped to correct service: 'sns'.", 403);
  }
  const publisher = publishers.find(({ accessKeyId }) => accessKeyId === scope.accessKeyId);
  if (publisher) return publisher;
  throw new SnsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
}

function checkTopic(topicArn: string, publisher: Publisher, publishers: readonly Publisher[]): void {
  if (topicArn === publisher.topicArn) return;
  if (publishers.some((other) => other.topicArn === topicArn)) {
    throw new SnsError(
      'AuthorizationError',
      `${publisher.environment} is not authorized to publish to ${topicArn}`,
      403,
    );
  }
  throw new SnsError('NotFound', 'Topic does not exist', 404);
}

function answered(run: () => string): HttpAnswer {
  const headers = { 'content-type': 'text/xml' };
  try {
    return { status: 200, headers, body: run() };
  } catch (error) {
    const { code, message, status } = error instanceof SnsError ? error : internal(error as Error);
    const type = status < 500 ? 'Sender' : 'Receiver';
    const told = `<Type>${type}</Type><Code>${code}</Code><Message>${escaped(message)}</Message>`;
    const body = `<ErrorResponse xmlns="${NAMESPACE}"><Error>${told}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
    return { status, headers, body };
  }
}

const internal = ({ message }: Error): SnsError =>
  new SnsError('InternalError', `the local SNS failed: ${message}`, 500);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] as string);
