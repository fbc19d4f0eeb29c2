// Tests run in Node as it is, without a module system of jest's own: as in production, and loaded once for many files.
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
  testRunner: '<rootDir>/testbed/jest/run-natively.ts',
  testSequencer: '<rootDir>/testbed/jest/long-files-first.ts',
  transform: {},
  workerIdleMemoryLimit: '768MB',
  globalSetup: '<rootDir>/testbed/jest/open-test-run.ts',
  globalTeardown: '<rootDir>/testbed/jest/close-test-run.ts',
  // Several times what the slowest test takes: a machine may be that much slower for a while, and that is no failure.
  testTimeout: 180_000,
};
