import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { timeouts } from '../model/sdk-timeouts.ts';

/** The only file that knows the Parameter Store. What it reads is never logged, and is in no error. */

export interface SlackSecrets {
  /** Newest first: two while one replaces the other. */
  readonly signing: readonly string[];
  readonly botToken: string;
}

export interface SecretsOptions {
  /** The names of the two parameters. */
  readonly signingSecrets: string;
  readonly botToken: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A secret that was replaced is taken up within this time. */
const FRESH_MS = 3 * 60_000;

const newClient = () => new SSMClient({ maxAttempts: 2, requestHandler: timeouts(1_000) });

/** @returns A function that reads them once per instance, and again when they may be old. Old ones serve while they cannot be read. */
export function createSecrets(options: SecretsOptions, client = newClient()): () => Promise<SlackSecrets> {
  let known: { readonly secrets: SlackSecrets; readonly at: number } | undefined;

  async function read(): Promise<SlackSecrets> {
    const Names = [options.signingSecrets, options.botToken];
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
    const secretAt = (name: string): string => {
      const value = Parameters.find(({ Name }) => Name === name)?.Value?.trim();
      if (value) return value;
      throw new Error(`The parameter ${name} is missing: npm run slack:secrets puts it there.`);
    };
    return { signing: secretAt(options.signingSecrets).split(/\s+/), botToken: secretAt(options.botToken) };
  }

  return async () => {
    if (known && options.now() - known.at < FRESH_MS) return known.secrets;
    try {
      known = { secrets: await read(), at: options.now() };
    } catch (error) {
      if (!known) throw error;
    }
    return known.secrets;
  };
}
