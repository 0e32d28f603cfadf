import type { Area } from './a1.ts';
import { overlaps } from './areas.ts';
import { SheetError } from './sheet-error.ts';

/** Who may change which cells. */
export interface Protection {
  readonly id: string;
  /** Undefined: the whole tab. */
  readonly area?: Area;
  readonly description: string;
  /** Everybody may edit, after a warning. */
  readonly warningOnly: boolean;
  /**
   * Undefined until a script removes one: up to then they are the spreadsheet's own, so nothing is protected [1].
   * @see [1] https://developers.google.com/apps-script/reference/spreadsheet/range#protect
   */
  readonly editors?: readonly string[];
  /** Whether everybody of the owner's domain may edit. */
  readonly domainEdit: boolean;
}

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The owner of the spreadsheet is always among the editors. A blank account is nobody that is known. */
export function mayEdit({ editors, domainEdit }: Protection, account: string, owner: string): boolean {
  if (!editors) return true;
  if (domainEdit && domainOf(account) === domainOf(owner)) return true;
  return editors.some((one) => isSame(one, account));
}

/** Whether an edit of this area touches it. */
export const touches = ({ area }: Protection, edited: Area): boolean => !area || overlaps(area, edited);

export const REFUSED =
  'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.';
const WARNED = "You're trying to edit part of this sheet that shouldn't be changed accidentally. Edit anyway?";

/**
 * @returns What Sheets asks before such an edit, which this person is taken to have confirmed.
 * @throws SheetError - This account may not edit there.
 */
export function checkProtections(
  protections: readonly Protection[],
  edited: Area,
  account: string,
  owner: string,
): string[] {
  const touched = protections.filter((one) => touches(one, edited));
  if (touched.some((one) => !one.warningOnly && !mayEdit(one, account, owner)))
    throw new SheetError(REFUSED, { field: 'user' });
  return touched.some(({ warningOnly }) => warningOnly) ? [WARNED] : [];
}
