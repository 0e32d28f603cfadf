import example from '../docs/examples/full.config.ts';
import { checkConfig as check } from '../lambda/src/waf/rules/check-config.ts';
import type { Pages } from '../lambda/src/waf/rules/pages.ts';

/** The local stack is the same on every machine, whatever its drawbridge.config.ts says. */
export const checkConfig = (pages: Pages) => check(pages, example);
