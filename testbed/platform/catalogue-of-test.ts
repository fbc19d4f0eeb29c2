import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readCatalogue, type OperatorOptions } from '@driftbox/operator';
import { testComponent } from '@driftbox/testkit';
import { chartFolder, releasedChart, type ChartName } from '../charts/render-chart.ts';
import { installedImages } from '../images/catalogue.ts';

type Making = NonNullable<OperatorOptions['making']>;

/** Something the API server takes in no version: it is found only while a release is being made. */
const refused = `apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }}-refused }
spec: { ports: [{ port: 99999999 }] }
`;

/** Whom a chart may not make anything for. */
const greedy = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: {{ .Release.Name }}-greedy }
`;

const charts = ['driftbox-cell', 'driftbox-backends'] as const;

/** Where `catalogueOfTest` has put what would come with an operator. */
export function catalogueFolder(folder: string): string {
  return path.join(folder, 'catalogue');
}

/** Puts a version into the catalogue, each of its images of a digest of this digit; `put` puts a chart where it is told. */
async function putVersion(
  folder: string,
  [version, digit]: readonly [version: string, digit: string],
  put: (chart: ChartName, to: string) => Promise<void>,
): Promise<void> {
  const catalogue = catalogueFolder(folder);
  await mkdir(path.join(catalogue, version), { recursive: true });
  for (const chart of charts) await put(chart, path.join(catalogue, version, chart));
  const file = path.join(catalogue, 'images.json');
  const known = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, object>;
  known[version] = Object.fromEntries(installedImages.map((name) => [name, `sha256:${digit.repeat(64)}`]));
  await writeFile(file, JSON.stringify(known));
}

const asItIs = (chart: ChartName, to: string): Promise<void> => symlink(chartFolder(chart), to);

/** A chart that has one template more, where it is that of a cell. */
const spoiltBy = (template: string) => async (chart: ChartName, to: string) => {
  await cp(chartFolder(chart), to, { recursive: true, dereference: true });
  if (chart === 'driftbox-cell') await writeFile(path.join(to, 'templates', 'spoilt.yaml'), template);
};

/** The same, as the operator of the next release has it: 0.5.0, with charts and images of its own, comes along. */
export async function withNextVersion(making: Making, folder: string): Promise<Making> {
  await putVersion(folder, ['0.5.0', 'e'], async (chart, to) => {
    await cp(chartFolder(chart), to, { recursive: true, dereference: true });
    const about = path.join(to, 'Chart.yaml');
    await writeFile(about, (await readFile(about, 'utf8')).replaceAll(/^(version|appVersion): .*$/gm, '$1: 0.5.0'));
  });
  return { ...making, catalogue: await readCatalogue(catalogueFolder(folder)) };
}

/**
 * What an operator brings about cells with, as from its image: the real Helm and charts. 0.0.1 stands for what was released before;
 * 0.1.0 and 0.2.0 are good, the API server refuses an object of 0.3.0, and 0.4.0 wants something of the whole cluster.
 */
export async function catalogueOfTest(folder: string, command = testComponent('helm').command): Promise<Making> {
  await putVersion(folder, ['0.0.1', '9'], async (chart, to) => symlink(await releasedChart(chart), to));
  await putVersion(folder, ['0.1.0', 'a'], asItIs);
  await putVersion(folder, ['0.2.0', 'b'], asItIs);
  await putVersion(folder, ['0.3.0', 'c'], spoiltBy(refused));
  await putVersion(folder, ['0.4.0', 'd'], spoiltBy(greedy));
  return {
    catalogue: await readCatalogue(catalogueFolder(folder)),
    helm: { command, kubeconfig: testComponent('k8s').kubeconfig },
    images: { registry: 'localhost', pullSecrets: [] },
  };
}
