import example from '../docs/examples/full.config.ts';
import { checkConfig as check, type ReadPages } from '../lambda/src/waf/rules/check-config.ts';

/** The local stack is the same on every machine, whatever its drawbridge.config.ts says. */
export const checkConfig = (pages: ReadPages) => check(pages, example);
