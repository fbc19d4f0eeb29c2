// Tests run as native ES modules, so that they meet the same module semantics as production.
import fs from 'node:fs';
export default {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/packages',
    '<rootDir>/services',
    '<rootDir>/clients',
    '<rootDir>/operator',
    '<rootDir>/standalone',
    '<rootDir>/charts',
    '<rootDir>/observability',
    '<rootDir>/loadtests',
    '<rootDir>/testbed',
    '<rootDir>/tools',
  ].filter((root) => fs.existsSync(root.replace('<rootDir>', import.meta.dirname))),
  testRegex: '\\.test\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' }],
  },
  transformIgnorePatterns: ['/node_modules/'],
  workerIdleMemoryLimit: '768MB',
  globalSetup: '<rootDir>/testbed/jest/open-test-run.ts',
  globalTeardown: '<rootDir>/testbed/jest/close-test-run.ts',
  // Several times what the slowest test takes: a machine may be that much slower for a while, and that is no failure.
  testTimeout: 120_000,
};
