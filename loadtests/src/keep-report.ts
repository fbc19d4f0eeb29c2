import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { capacityPage, hasCosts } from './capacity/capacity-page.ts';
import { loadPage } from './load-page.ts';
import { keptReports, loadFolder, type KeptReport } from './kept-reports.ts';
import { Unusable } from './open-target.ts';
import { plotsOf } from './report-plots.ts';
import type { LoadReport } from './run-load.ts';
import { projectFolder } from './start-program.ts';

/** Puts a report, as `--json` wrote it, into the folder of this version, in place of an earlier one, and writes the page anew. */
export async function keepReport(file: string): Promise<void> {
  const report = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as LoadReport)
    .catch((cause: unknown) => {
      throw new Unusable(`${file} is not a report: ${String(cause)}`, { cause });
    });
  if (typeof report?.profile !== 'string' || typeof report.results?.seconds !== 'number')
    throw new Unusable(`${file} is not a report of a load`);
  const { version } = JSON.parse(await readFile(path.join(projectFolder, 'package.json'), 'utf8')) as { readonly version: string };
  const folder = path.join(loadFolder, version);
  await mkdir(folder, { recursive: true });
  const kept: KeptReport = { version, report };
  await writeFile(path.join(folder, `${report.profile}.json`), `${JSON.stringify(kept, numbersShort)}\n`);
  // By the numbers that are kept, so that they can be compared.
  const rounded = JSON.parse(JSON.stringify(report, numbersShort)) as LoadReport;
  for (const { name, svg } of plotsOf(rounded)) await writeFile(path.join(folder, `${report.profile}.${name}.svg`), svg);
  const all = await keptReports();
  await writeFile(path.join(projectFolder, 'docs/load.md'), loadPage(all));
  if (hasCosts(all)) await writeFile(path.join(projectFolder, 'docs/capacity.md'), capacityPage(all));
}

/** Six digits are more than was measured. */
function numbersShort(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}
