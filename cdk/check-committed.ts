import { committedConfig } from '../config/committed.ts';
import * as file from '../drawbridge.config.ts';
import { checkConfig as check, type ReadPages } from '../lambda/src/waf/rules/check-config.ts';

/** What is deployed: the config that somebody committed, with the pages of the same build. */
export const checkConfig = (pages: ReadPages) => check(pages, committedConfig(file));
