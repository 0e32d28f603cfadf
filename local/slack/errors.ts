/** What Slack says when it will not: always with HTTP status 200. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
  readonly error: string;
  readonly more: object;

  constructor(error: string, more: object = {}) {
    super(error);
    this.error = error;
    this.more = more;
  }
}
