import { availableParallelism } from 'node:os';

/** Jest runs TypeScript as ESM through swc; types are checked by `npm run typecheck`. */
export default {
  // Many tests wait for clocks and probes: three at once also on two cores.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/coverage/'],
  testSequencer: '<rootDir>/test/run/long-ones-first.js',
  reporters: ['default', '<rootDir>/test/run/slowest-files.js'],
  globalSetup: '<rootDir>/test/unpack-browser.ts',
  testTimeout: 20_000,
};
