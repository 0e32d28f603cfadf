/**
 * The one file to edit. Until you write your own, it is the example that explains every setting; the smallest one, to begin
 * with, is docs/examples/minimal.config.ts. `npm run build` checks it, and answers a mistake with its place and the remedy.
 */
export { default } from './docs/examples/full.config.ts';
