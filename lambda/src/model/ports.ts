/** What a person is told when nobody looks. */
export interface Notice {
  readonly subject: string;
  readonly message: string;
  /** The name of the service that it is of, if it is of one. */
  readonly service?: string;
  /** Slack's channel hears of it otherwise. */
  readonly isMailOnly?: true;
  /** Those that have the same stand under each other in a channel. */
  readonly thread?: string;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}
