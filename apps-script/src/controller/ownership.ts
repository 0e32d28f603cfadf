import type { Ports } from '../ports.ts';

/** Whose script this is. Others may see it and press Run; nothing here answers them. */

/** In the Script Properties, where it stands against everybody: User Properties are another set for each user. */
const OWNER = 'OWNER';

export const scriptProperties = () => PropertiesService.getScriptProperties();

/** Google lets people grant a part of what a script asks for: then it would fail in the middle of a night. */
export const requireScopes = (): void => ScriptApp.requireAllScopes(ScriptApp.AuthMode.FULL);

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** @returns The recorded owner; blank before the first connect(). @throws Error - Somebody else runs it. */
export function refuseStrangers({ controller }: Pick<Ports, 'controller'>): string {
  const owner = scriptProperties().getProperty(OWNER) ?? '';
  if (owner && !isSame(owner, controller())) throw new Error(`Only ${owner} may run this.`);
  return owner;
}

/** Before anybody owns it, the config says who may. @throws Error - It is somebody else. */
export function takeOwnership(ports: Pick<Ports, 'controller'>, named: string): void {
  if (refuseStrangers(ports)) return;
  if (!isSame(named, ports.controller())) {
    throw new Error(`Only ${named} may connect this script: drawbridge.config.ts names it as the controller.`);
  }
  scriptProperties().setProperty(OWNER, ports.controller());
}

/** @throws Error - Nobody has connected yet, or somebody else than the owner runs it. */
export function requireOwner(ports: Pick<Ports, 'controller'>): void {
  if (!refuseStrangers(ports)) throw new Error('Run connect() first: it records whose script this is.');
}
