import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';
import { runTests } from '../run-tests.ts';

/** The suite that is made from the route table, and each test that the page of security names, the role matrix among them. */
export const rolesAndIsolation: Point = {
  number: 2,
  promise: 'the role matrix and the generated cross-tenant suite pass over all routes, and so does each test that docs/security.md names',
  show: () => runTests(['testbed/isolation/', ...namedTests()]),
};

function namedTests(): string[] {
  const page = readFileSync(path.join(projectFolder, 'docs/security.md'), 'utf8');
  return [...new Set([...page.matchAll(/`([^`\n]+\.test\.ts)`/g)].map(([, file]) => file ?? ''))];
}
