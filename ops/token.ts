import * as z from 'zod/mini';
import { OPERATE_SCOPE, READ_SCOPE } from '../contract/routes.ts';
import { CommandError } from './command.ts';

/** Asks for access tokens as the sheet does. Each one costs a fraction of a cent. */
export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}
export type FetchToken = (request: TokenRequest) => Promise<string>;

const answer = z.object({ access_token: z.string() });
const TIMEOUT_MS = 10_000;

/** @throws CommandError - The endpoint refused, or did not answer. Never carries the secret. */
export const fetchToken: FetchToken = async ({ tokenUrl, clientId, clientSecret }) => {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: `${OPERATE_SCOPE} ${READ_SCOPE}` }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  }).catch(() => {
    throw new CommandError(`The token endpoint ${new URL(tokenUrl).host} does not answer.`);
  });
  const told = z.safeParse(answer, await response.json().catch(() => undefined));
  if (response.ok && told.success) return told.data.access_token;
  throw new CommandError(
    `The token endpoint ${new URL(tokenUrl).host} answered ${response.status} to the client secret.`,
  );
};
