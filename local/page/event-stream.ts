import type { ServerResponse } from 'node:http';
import type { SheetHost } from './sheet-host.ts';

/** Proxies and sleeping browsers drop connections that stay silent. */
const HEARTBEAT_MS = 15_000;
/** A reader that is this far behind is dropped; it asks for everything anew when it comes back. */
const MOST_UNREAD_BYTES = 1024 * 1024;

/** `GET /api/events`: what changes, as Server-Sent Events named after their kind, until the reader goes. */
export function streamEvents(
  host: Pick<SheetHost, 'onChange'>,
  response: ServerResponse,
  heartbeatMs = HEARTBEAT_MS,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (text: string) => {
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
    else response.write(`${text}\n\n`);
  };
  send('retry: 1000');
  const unsubscribe = host.onChange((event) => send(`event: ${event.kind}\ndata: ${JSON.stringify(event)}`));
  const heartbeat = setInterval(() => send(': still here'), heartbeatMs);
  heartbeat.unref();
  response.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}
