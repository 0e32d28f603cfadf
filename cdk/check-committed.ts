import { committedConfig } from '../config/committed.ts';
import * as file from '../drawbridge.config.ts';
import { checkConfig as check } from '../lambda/src/waf/rules/check-config.ts';
import type { Pages } from '../lambda/src/waf/rules/pages.ts';

/** What is deployed: the config that somebody committed, with the pages of the same build. */
export const checkConfig = (pages: Pages) => check(pages, committedConfig(file));
