import type { Spreadsheet } from '../apps-script-runtime/spreadsheet.ts';
import { cellName, cellsWhere } from './conditional.ts';
import type { TabLook } from './tab-look.ts';

/** With the formulas of conditional formats already worked out: the page has no calculator. */
export function lookOf(spreadsheet: Spreadsheet, name: string): TabLook {
  const look = spreadsheet.look(name);
  const rules = spreadsheet.tab(name).looks.conditionalFormats.map(({ areas, when, ...rest }, at) => {
    const { ranges = [] } = look.conditionalFormats[at] ?? {};
    const rule = { ranges, when, ...rest };
    return 'formula' in when ? { ...rule, holdsAt: cellsWhere(spreadsheet, name, areas, when.formula) } : rule;
  });
  const formulas = spreadsheet
    .formulas(name)
    .flatMap((line, down) => line.flatMap((formula, right) => (formula ? [cellName(down + 1, right + 1)] : [])));
  return { ...look, conditionalFormats: rules, formulas };
}
