import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OperatorOptions } from '@driftbox/operator';
import { testComponent } from '@driftbox/testkit';
import { projectFolder } from '../src/standalone-process.ts';

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

const chartsFolder = path.join(projectFolder, 'charts');

/** A chart as a release of this version would have it, in the same words; answers its folder. */
export async function chartOfVersion(name: string, version: string, folder: string): Promise<string> {
  const chart = path.join(folder, version, name);
  await cp(path.join(chartsFolder, name), chart, { recursive: true, dereference: true });
  const about = path.join(chart, 'Chart.yaml');
  await writeFile(about, (await readFile(about, 'utf8')).replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`));
  return chart;
}

function versionOf(called: string, digit: string, [cell, backends]: readonly [string, string]): Making['catalogue'][number] {
  return {
    version: called,
    images: Object.fromEntries(
      ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'].map((one) => [one, `sha256:${digit.repeat(64)}`]),
    ),
    charts: { 'driftbox-cell': { folder: cell, digest: called }, 'driftbox-backends': { folder: backends, digest: 'one' } },
  };
}

/** The same, as the operator of the next release has it: 0.5.0, with charts and images of its own, comes along. */
export async function withNextVersion(making: Making, folder: string): Promise<Making> {
  const [cell, backends] = [
    await chartOfVersion('driftbox-cell', '0.5.0', folder),
    await chartOfVersion('driftbox-backends', '0.5.0', folder),
  ];
  const next = versionOf('0.5.0', 'e', [cell, backends]);
  return { ...making, catalogue: [...making.catalogue, next] };
}

/**
 * What an operator brings about cells with, as from its image: the real Helm and charts. 0.1.0 and 0.2.0 are good, the API server
 * refuses an object of 0.3.0, and 0.4.0 wants something of the whole cluster.
 */
export async function catalogueOfTest(folder: string, command = testComponent('helm').command): Promise<Making> {
  const cellChart = path.join(chartsFolder, 'driftbox-cell');
  const spoilt = async (version: string, template: string): Promise<string> => {
    const chart = path.join(folder, version);
    await cp(cellChart, chart, { recursive: true });
    await writeFile(path.join(chart, 'templates', 'spoilt.yaml'), template);
    return chart;
  };
  const version = (called: string, digit: string, cell: string) =>
    versionOf(called, digit, [cell, path.join(chartsFolder, 'driftbox-backends')]);
  return {
    catalogue: [
      version('0.1.0', 'a', cellChart),
      version('0.2.0', 'b', cellChart),
      version('0.3.0', 'c', await spoilt('0.3.0', refused)),
      version('0.4.0', 'd', await spoilt('0.4.0', greedy)),
    ],
    helm: { command, kubeconfig: testComponent('k8s').kubeconfig },
    images: { registry: 'localhost', pullSecrets: [] },
  };
}
