import type { Doors } from '../doors.ts';

/** Whose script this is. Others may see it and press Run; nothing here answers them. */

/** In the Script Properties, where it stands against everybody: User Properties are another set for each user. */
const OWNER = 'OWNER';

export const scriptProperties = () => PropertiesService.getScriptProperties();

/** @returns The recorded owner; blank before the first connect(). @throws Error - Somebody else runs it. */
export function refuseStrangers({ controller }: Pick<Doors, 'controller'>): string {
  const owner = scriptProperties().getProperty(OWNER) ?? '';
  if (owner && owner.toLowerCase() !== controller().toLowerCase()) throw new Error(`Only ${owner} may run this.`);
  return owner;
}

export function takeOwnership({ controller }: Pick<Doors, 'controller'>): void {
  scriptProperties().setProperty(OWNER, controller());
}

/** @throws Error - Nobody has connected yet, or somebody else than the owner runs it. */
export function requireOwner(doors: Pick<Doors, 'controller'>): void {
  if (!refuseStrangers(doors)) throw new Error('Run connect() first: it records whose script this is.');
}
