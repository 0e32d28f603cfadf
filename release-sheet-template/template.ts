import { ALLOWLIST_TAB } from './allowlist.ts';
import { AUDIT_TAB } from './audit.ts';
import { READ_ME_TAB } from './read-me.ts';
import { RUNDOWN_TAB } from './rundown.ts';
import { SERVICES_TAB } from './services.ts';
import type { TabTemplate } from './tab.ts';

/** A release sheet as typed data: what Create builds, the local seed, the docs' table and the .xlsx are made from it. */
export const RELEASE_SHEET: readonly TabTemplate[] = [RUNDOWN_TAB, SERVICES_TAB, ALLOWLIST_TAB, AUDIT_TAB, READ_ME_TAB];

/** Grows when something is added: sheets that were made from an older one can be brought up to it. */
export const TEMPLATE_VERSION = 1;
