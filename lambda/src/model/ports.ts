/** What a person is told when nobody looks. */
export interface Notice {
  readonly subject: string;
  readonly message: string;
}
