import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { readCatalogue } from '@driftbox/operator';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { parseAllDocuments } from 'yaml';
import { releasedFolder } from '../images/catalogue.ts';
import { projectFolder } from '../src/standalone-process.ts';
import type { ChartObject } from './chart-object.ts';

const run = promisify(execFile);

/** The charts of this project. */
export type ChartName = 'driftbox-backends' | 'driftbox-cell' | 'driftbox-operator';

/** What a render depends on. */
export type Render = {
  readonly chart: ChartName;
  readonly values: object;
  readonly release?: string;
  readonly namespace?: string;
  /** Where the chart is, unless it is the project's own. */
  readonly folder?: string;
};

/** The folder of a chart. */
export function chartFolder(chart: ChartName): string {
  return path.join(projectFolder, 'charts', chart);
}

/** The folder of that chart as it was in the release before this version. */
export async function releasedChart(chart: ChartName): Promise<string> {
  const [released] = await readCatalogue(releasedFolder);
  return path.join(releasedFolder, released!.version, chart);
}

/** What Helm would send to the API server, as text. Throws, with what Helm says, where it refuses the values. */
export async function renderText({
  chart,
  values,
  release = 'cell',
  namespace = 'cell-one',
  folder = chartFolder(chart),
}: Render): Promise<string> {
  return helm(values, (file) => ['template', release, folder, '--namespace', namespace, '--values', file]);
}

/** The same as objects. */
export async function renderChart(render: Render): Promise<ChartObject[]> {
  return parseObjects(await renderText(render));
}

/** The objects of a rendered text. */
export function parseObjects(text: string): ChartObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as ChartObject | null)
    .filter((object) => object !== null);
}

/** What `helm lint --strict` says. Throws where it finds something. */
export async function lintChart({ chart, values, folder = chartFolder(chart) }: Render): Promise<string> {
  return helm(values, (file) => ['lint', '--strict', folder, '--values', file]);
}

async function helm(values: object, args: (valuesFile: string) => string[]): Promise<string> {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'values.json');
  await writeFile(file, JSON.stringify(values));
  const { HELM_CACHE_HOME, HELM_CONFIG_HOME, HELM_DATA_HOME } = Object.fromEntries(
    ['CACHE', 'CONFIG', 'DATA'].map((what) => [`HELM_${what}_HOME`, folder.path]),
  );
  const env = { PATH: process.env['PATH'], HELM_CACHE_HOME, HELM_CONFIG_HOME, HELM_DATA_HOME };
  const { stdout } = await run(testComponent('helm').command, args(file), { env, maxBuffer: 32 << 20 });
  return stdout;
}
