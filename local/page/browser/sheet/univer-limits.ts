import type { IMenuSchema } from '@univerjs/ui';

/** What of Univer is offered: no more than the host can do. Pure. */

/** Of the menus that a right click opens: entries, and the groups and submenus that they stand in. */
const OFFERED = new Set([
  'contextMenu.mainArea',
  'contextMenu.colHeader',
  'contextMenu.rowHeader',
  'contextMenu.quick',
  'contextMenu.format',
  'contextMenu.layout',
  'sheet.command.copy',
  'sheet.command.cut',
  'sheet.command.paste',
  'sheet.menu.clear-selection',
  'sheet.command.clear-selection-content',
  'sheet.menu.cell-insert',
  'sheet.command.insert-row-before',
  'sheet.command.insert-multi-rows-above',
  'sheet.command.insert-multi-rows-after',
  'sheet.menu.delete',
  'sheet.command.remove-row-confirm',
]);

/** What is left of a menu. */
export function offeredOf(menu: readonly IMenuSchema[]): IMenuSchema[] {
  return menu.flatMap((entry) => {
    if (!OFFERED.has(entry.key)) return [];
    const children = entry.children && offeredOf(entry.children);
    const isEmptyGroup = children !== undefined && children.length === 0;
    return isEmptyGroup ? [] : [{ ...entry, ...(children && { children }) }];
  });
}

export type ForRows =
  | { readonly kind: 'delete-rows' }
  | { readonly kind: 'insert-rows'; readonly where: 'above' | 'below'; readonly count?: number };

export type Meant =
  /** Univer's own business. */
  | { readonly kind: 'view' }
  /** The host does it, and the view shows what comes of it. */
  | { readonly kind: 'history'; readonly what: 'undo' | 'redo' }
  | ForRows
  | { readonly kind: 'refused' };

const HOST_DOES: Readonly<Record<string, Meant>> = {
  'univer.command.undo': { kind: 'history', what: 'undo' },
  'univer.command.redo': { kind: 'history', what: 'redo' },
  'sheet.command.remove-row': { kind: 'delete-rows' },
  'sheet.command.remove-row-confirm': { kind: 'delete-rows' },
  'sheet.command.insert-row-before': { kind: 'insert-rows', where: 'above' },
  'sheet.command.insert-multi-rows-above': { kind: 'insert-rows', where: 'above' },
  'sheet.command.insert-row-after': { kind: 'insert-rows', where: 'below' },
  'sheet.command.insert-multi-rows-after': { kind: 'insert-rows', where: 'below' },
};

/** Changes of the view's own copy of the sheet that may happen without the host: cells, which it is told of, and heights. */
const MUTATIONS = new Set([
  'sheet.mutation.set-range-values',
  'sheet.mutation.move-range',
  'sheet.mutation.set-worksheet-row-auto-height',
  'sheet.mutation.set-worksheet-row-is-auto-height',
  'sheet.mutation.set-worksheet-row-height',
  'sheet.mutation.empty',
  'sheet.mutation.set-worksheet-permission-points',
  'sheet.mutation.mark-dirty-filter-change',
]);

const CHANGES_SHEET = /^(sheet\.mutation\.|data-validation\.mutation\.)/;
/** How numbers look: every cell is text here. */
const NUMBER_FORMAT = /numfmt/;

/** What a person wants who runs this command by a key, a menu or a drag. */
export function meantBy(id: string, params: unknown): Meant {
  const host = HOST_DOES[id];
  if (host?.kind === 'insert-rows') return { ...host, count: (params as { value?: number } | undefined)?.value };
  if (host) return host;
  if (!CHANGES_SHEET.test(id) || NUMBER_FORMAT.test(id) || MUTATIONS.has(id)) return { kind: 'view' };
  return { kind: 'refused' };
}
