import type { Area } from '../a1.ts';
import type { ConditionalFormat } from '../formatting.ts';
import type { RangePlace } from '../protocol.ts';
import type { Members, ScriptContext } from '../script-context.ts';
import type { Validation } from '../validation.ts';
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
    let source: Validation['source'] | undefined;
    let rest: Omit<Validation, 'source'> = { showDropdown: true, allowInvalid: true };
    const self: Members = sealed('DataValidationBuilder', {
      requireValueInList(values: readonly unknown[], showDropdown = true) {
        source = { kind: 'list', values: Array.from(values, String) };
        rest = { ...rest, showDropdown };
        return self;
      },
      requireValueInRange(range: unknown, showDropdown = true) {
        const { sheetId, row, column, rows, columns } = placeOf(range);
        source = { kind: 'range', sheetId, area: { row, column, rows, columns } };
        rest = { ...rest, showDropdown };
        return self;
      },
      setAllowInvalid(allowInvalid: boolean) {
        rest = { ...rest, allowInvalid };
        return self;
      },
      setHelpText(helpText: string) {
        rest = { ...rest, helpText };
        return self;
      },
      build() {
        if (!source) return scriptContext.refuse('DataValidationBuilder.build without a list or a range');
        return dataValidation(scriptContext, makers, { source, ...rest });
      },
    });
    return self;
  }

  function newConditionalFormatRule(): Members {
    let when: ConditionalFormat['when'] | undefined;
    let rest: Omit<ConditionalFormat, 'when'> = { areas: [] };
    let ranges: readonly unknown[] = [];
    const taking = (key: 'background' | 'fontColor' | 'bold') => (value: unknown) => {
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
      setBold: taking('bold'),
      setRanges(given: readonly unknown[]) {
        ranges = Array.from(given);
        rest = {
          ...rest,
          areas: ranges.map(placeOf).map(({ row, column, rows, columns }) => ({ row, column, rows, columns })),
        };
        return self;
      },
      build() {
        if (!when) throw exception('Conditional format rules must have a condition.');
        const built = ranges;
        return conditionalFormatRule(scriptContext, makers, { when, ...rest }, (_area, at) => built[at]);
      },
    });
    return self;
  }

  return { newDataValidation, newConditionalFormatRule };
}

export const dataValidation = ({ list }: ScriptContext, makers: Makers, facts: Validation): Members =>
  makers.standing('DataValidation', facts, {
    getAllowInvalid: () => facts.allowInvalid,
    getHelpText: () => facts.helpText ?? null,
    getCriteriaType: () => (facts.source.kind === 'list' ? 'VALUE_IN_LIST' : 'VALUE_IN_RANGE'),
    getCriteriaValues: () =>
      facts.source.kind === 'list' ? list([list(facts.source.values), facts.showDropdown]) : list([facts.showDropdown]),
  });

export const conditionalFormatRule = (
  { list }: ScriptContext,
  makers: Makers,
  facts: ConditionalFormat,
  rangeOf: (area: Area, at: number) => unknown,
): Members => makers.standing('ConditionalFormatRule', facts, { getRanges: () => list(facts.areas.map(rangeOf)) });
