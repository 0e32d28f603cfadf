/** What of a person's request an error is about. */
export type SheetField = 'sheet' | 'range' | 'values' | 'user' | 'row' | 'undo';

/** What a sheet does not let anybody do, in the words of the real one where those are known. */
export class SheetError extends Error {
  override readonly name = 'SheetError';
  /** For people who edit by HTTP; scripts get the message alone. */
  readonly code = 'INVALID_FIELD';
  readonly field?: SheetField;

  constructor(message: string, { field, ...options }: ErrorOptions & { readonly field?: SheetField } = {}) {
    super(message, options);
    this.field = field;
  }
}
