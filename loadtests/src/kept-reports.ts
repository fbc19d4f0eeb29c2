import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoadReport } from './run-load.ts';
import { projectFolder } from './start-program.ts';

/** Where reports are kept: a folder for each version, a file for each profile. */
export const loadFolder = path.join(projectFolder, 'docs/load');

/** A report, and of which version it tells. */
export type KeptReport = { readonly version: string; readonly report: LoadReport };

/** All that is kept: the newest version first, profiles by name. */
export async function keptReports(): Promise<readonly KeptReport[]> {
  const files = await readdir(loadFolder, { recursive: true }).catch(() => []);
  const reports = files
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map(async (file) => JSON.parse(await readFile(path.join(loadFolder, file), 'utf8')) as KeptReport);
  const newestFirst = new Intl.Collator('en', { numeric: true });
  return (await Promise.all(reports)).toSorted((one, other) => newestFirst.compare(other.version, one.version));
}
