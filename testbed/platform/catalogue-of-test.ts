import { cp, writeFile } from 'node:fs/promises';
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

/**
 * What an operator brings about cells with, as from its image: the real Helm and charts. 0.1.0 and 0.2.0 are good, the API server
 * refuses an object of 0.3.0, and 0.4.0 wants something of the whole cluster.
 */
export async function catalogueOfTest(folder: string, command = testComponent('helm').command): Promise<Making> {
  const charts = path.join(projectFolder, 'charts');
  const cellChart = path.join(charts, 'driftbox-cell');
  const spoilt = async (version: string, template: string): Promise<string> => {
    const chart = path.join(folder, version);
    await cp(cellChart, chart, { recursive: true });
    await writeFile(path.join(chart, 'templates', 'spoilt.yaml'), template);
    return chart;
  };
  const version = (called: string, digit: string, folderOfCell: string) => ({
    version: called,
    images: Object.fromEntries(
      ['services', 'nginx', 'postgres', 'kafka', 'redis', 'minio'].map((one) => [one, `sha256:${digit.repeat(64)}`]),
    ),
    charts: {
      'driftbox-cell': { folder: folderOfCell, digest: called },
      'driftbox-backends': { folder: path.join(charts, 'driftbox-backends'), digest: 'one' },
    },
  });
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
