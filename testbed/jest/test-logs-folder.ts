import path from 'node:path';

/** Where the logs of what failed test files had started lie after a run, a folder for each file. */
export function testLogsFolder(rootDir: string): string {
  return path.join(rootDir, '.cache/test-logs');
}
