import type { RangePlace } from '../protocol.ts';
import type { Members } from '../script-context.ts';
import type { ConditionalFormat } from '../spreadsheet/formatting.ts';
import type { Validation } from '../spreadsheet/validation.ts';
import type { Makers } from './spreadsheet-app.ts';
import type { Thread } from './thread.ts';

/** Rules for cells: made by builders, kept as plain facts. */
export function builders({ scriptContext }: Thread, makers: Makers): Members {
  const { sealed, exception } = scriptContext;

  function placeOf(range: unknown): RangePlace {
    const place = makers.behind<RangePlace>('Range', range);
    if (!place) throw exception('Invalid argument: range');
    return place;
  }

  function newDataValidation(): Members {
    let choices: readonly string[] | undefined;
    let rest = { showDropdown: true, allowInvalid: true };
    const self: Members = sealed('DataValidationBuilder', {
      requireValueInList(values: readonly unknown[], showDropdown = true) {
        choices = Array.from(values, String);
        rest = { ...rest, showDropdown };
        return self;
      },
      setAllowInvalid(allowInvalid: boolean) {
        rest = { ...rest, allowInvalid };
        return self;
      },
      build() {
        if (!choices) return scriptContext.refuse('DataValidationBuilder.build without a list');
        const facts: Validation = { choices, ...rest };
        return makers.standing('DataValidation', facts, {});
      },
    });
    return self;
  }

  function newConditionalFormatRule(): Members {
    let when: ConditionalFormat['when'] | undefined;
    let rest: Omit<ConditionalFormat, 'when'> = { areas: [] };
    const taking = (key: 'background' | 'fontColor') => (value: unknown) => {
      rest = { ...rest, [key]: value ?? undefined };
      return self;
    };
    const self: Members = sealed('ConditionalFormatRuleBuilder', {
      whenTextEqualTo(text: string) {
        when = { textEqualTo: text };
        return self;
      },
      whenFormulaSatisfied(formula: string) {
        when = { formula };
        return self;
      },
      setBackground: taking('background'),
      setFontColor: taking('fontColor'),
      setRanges(given: readonly unknown[]) {
        const areas = Array.from(given, placeOf);
        rest = { ...rest, areas: areas.map(({ row, column, rows, columns }) => ({ row, column, rows, columns })) };
        return self;
      },
      build() {
        if (!when) throw exception('Conditional format rules must have a condition.');
        return makers.standing('ConditionalFormatRule', { when, ...rest }, {});
      },
    });
    return self;
  }

  return { newDataValidation, newConditionalFormatRule };
}
