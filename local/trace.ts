/** What one part of the local stack saw pass: the page shows these as the hops of an operation. */
export interface Hop {
  /** Milliseconds since the epoch on the local clock. */
  readonly at: number;
  readonly tookMs?: number;
  readonly part:
    | 'sheet'
    | 'apps-script'
    | 'cognito'
    | 'gateway'
    | 'lambda'
    | 'dynamodb'
    | 'waf'
    | 'probe'
    | 'sns'
    | 'ssm'
    | 'slack';
  /** What was asked, such as `UpdateRuleGroup drawbridge-shop`. Never a secret or a token. */
  readonly what: string;
  /** What was answered, in a few words. */
  readonly said: string;
  readonly ok: boolean;
  readonly operationId?: string;
  readonly environment?: string;
}

export type Trace = (hop: Hop) => void;
