import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { keptReports, loadFolder } from './kept-reports.ts';
import { loadPage } from './load-page.ts';
import { plotsOf } from './report-plots.ts';
import { projectFolder } from './start-program.ts';

test('docs/load.md and its plots are those of the reports that are kept', async () => {
  const kept = await keptReports();
  expect(await readFile(path.join(projectFolder, 'docs/load.md'), 'utf8')).toBe(loadPage(kept));
  for (const { version, report } of kept) {
    for (const { name, svg } of plotsOf(report)) {
      expect(await readFile(path.join(loadFolder, version, `${report.profile}.${name}.svg`), 'utf8')).toBe(svg);
    }
  }
});
