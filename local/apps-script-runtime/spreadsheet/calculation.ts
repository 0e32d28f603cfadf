import type { Area } from './a1.ts';
import { type Content, isFormula } from './cell.ts';
import { compute, type Formula } from './formulas/formula.ts';
import { FormulaError, type Scope } from './formulas/formula-scope.ts';
import type { Tab } from './sheet-tab.ts';
import type { Value } from './value.ts';

/** Where formulas find what they name: in the spreadsheet itself, or as an execution sees it. */
export interface Book {
  now(): Value;
  tabNamed(name: string): Tab | undefined;
}

/** What cells come to at one moment. Each formula is computed once; one that needs itself is `#REF!`. */
export function calculation({ now, tabNamed }: Book) {
  const known = new Map<Formula, Value>();

  function cellValue(tab: Tab, content: Content): Value {
    if (!isFormula(content)) return content;
    const value = known.get(content);
    if (value !== undefined) return value;
    known.set(content, '#REF!');
    const computed = compute(content, scopeOf(tab));
    known.set(content, computed);
    return computed;
  }

  const cellValues = (tab: Tab, area: Area): Value[][] =>
    tab.contents(area).map((line) => line.map((content) => cellValue(tab, content)));

  function scopeOf(own: Tab): Scope {
    const within = (name: string | undefined, area: Area): { tab: Tab; closed: Area } => {
      const tab = name === undefined ? own : tabNamed(name);
      if (!tab?.has(area)) throw new FormulaError('#REF!');
      return { tab, closed: tab.closed(area) };
    };
    return {
      now,
      values(name, area) {
        const { tab, closed } = within(name, area);
        return cellValues(tab, closed);
      },
    };
  }

  return { cellValue, cellValues };
}
