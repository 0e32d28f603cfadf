import type { HttpAnswer } from '../http-server.ts';

interface ProxyResult {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** The gateway's own answers: one sentence as JSON. */
export function gatewayAnswer(status: number, message: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: json({ message }) };
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

/**
 * A function's result in format 2.0 as HTTP: without a `statusCode` the whole result is the body of a 200 [1].
 * @see [1] https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function answerOf(result: unknown): HttpAnswer {
  const proxy = result as ProxyResult | null;
  if (typeof proxy !== 'object' || proxy === null || proxy.statusCode === undefined) {
    const body = typeof result === 'string' ? Buffer.from(result) : json(result);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const status = Number(proxy.statusCode);
  const bodyFits = proxy.body === undefined || proxy.body === null || typeof proxy.body === 'string';
  if (!Number.isInteger(status) || status < 200 || status > 599 || !bodyFits) {
    return gatewayAnswer(500, 'Internal Server Error');
  }
  const given = Object.entries(proxy.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return {
    status,
    headers: {
      'content-type': 'text/plain;charset=utf-8',
      ...Object.fromEntries(given),
      ...(proxy.cookies?.length ? { 'set-cookie': [...proxy.cookies] } : {}),
    },
    body: Buffer.from(proxy.body ?? '', proxy.isBase64Encoded ? 'base64' : 'utf8'),
  };
}
