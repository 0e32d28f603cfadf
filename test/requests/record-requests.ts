import { readSent, type SentRequest } from './check-request.ts';
import type { ServiceName } from './sdk-model.ts';

/** A request as the code handed it to the SDK, and as the SDK sent it. */
export interface Recorded {
  readonly handed: SentRequest;
  readonly sent: SentRequest;
}

interface HttpLike {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
type Next = (args: { input: object; request?: unknown }) => Promise<unknown>;
/** What all clients of the SDK have in common here. */
interface Recordable {
  readonly middlewareStack: {
    add(middleware: (next: Next, context: { commandName?: string }) => Next, options: object): void;
  };
}

/** Writes down every request of a client, in the order in which they go out. */
export function recordRequests<C>(service: ServiceName, client: C, into: Recorded[]): C {
  const stack = (client as unknown as Recordable).middlewareStack;
  const add: Recordable['middlewareStack']['add'] = (middleware, options) => stack.add(middleware, options);
  // Below the SDK's own leaving out of what it does not know, and below the document client's translation.
  add(
    (next, { commandName = '' }) =>
      (args) => {
        const { headers, body } = args.request as HttpLike;
        const operation = commandName.replace(/Command$/, '');
        const handed = { service, operation, value: args.input };
        into.push({ handed, sent: readSent(service, headers['x-amz-target'], textOf(body)) });
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'recordRequests' },
  );
  return client;
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);
