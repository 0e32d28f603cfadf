import { checkConfig } from '../local/check-example.ts';
import { readPages } from '../maintenance-page/read-pages.mjs';

/** The pages of maintenance-page/, as `npm run build` makes and checks them. */
export const committedPages = async () => checkConfig(await readPages()).pages;
