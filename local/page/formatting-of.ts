import type { Spreadsheet } from '../apps-script-runtime/spreadsheet/spreadsheet.ts';
import { cellName, cellsWhere } from './conditional.ts';
import type { TabFormatting } from './tab-formatting.ts';

/** With the formulas of conditional formats already worked out: the page has no calculator. */
export function formattingOf(spreadsheet: Spreadsheet, name: string): TabFormatting {
  const formatting = spreadsheet.formatting(name);
  const rules = spreadsheet.tab(name).formatting.conditionalFormats.map(({ areas, when, ...rest }, at) => {
    const { ranges = [] } = formatting.conditionalFormats[at] ?? {};
    const rule = { ranges, when, ...rest };
    return 'formula' in when ? { ...rule, holdsAt: cellsWhere(spreadsheet, name, areas, when.formula) } : rule;
  });
  const formulas = Object.fromEntries(
    spreadsheet
      .formulas(name)
      .flatMap((line, down) =>
        line.flatMap((formula, right) => (formula ? [[cellName(down + 1, right + 1), formula]] : [])),
      ),
  );
  return { ...formatting, conditionalFormats: rules, formulas };
}
