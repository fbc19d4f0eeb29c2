import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { configTable, type Operator } from '@driftbox/operator';
import type { ServiceName } from '@driftbox/protocol';
import { quotaKind } from '@driftbox/resources';
import { loadConfig } from '@driftbox/service-kit';
import { temporaryFolder, testComponent, testComponentsVariable } from '@driftbox/testkit';
import { startForTests } from '../../components/start-for-tests.ts';
import { openCell, type CellOfTest } from '../../platform/cell-of-test.ts';
import { openCluster, type ClusterOfTest } from '../../platform/cluster-of-test.ts';
import { startOperator } from '../../platform/operator-of-test.ts';
import { serviceKeyOf } from '../../src/add-tenant.ts';

/** What a process of an operator is told. */
export type OperatorSettings = {
  /** It reaches the API server as in a pod: a URL, and a folder with `token` and `ca.crt`. */
  readonly server: string;
  readonly accountFolder: string;
  readonly namespace: string;
  readonly only: string;
  readonly name: string;
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** The cell's. */
  readonly internal: Readonly<Record<ServiceName, string>>;
  readonly serviceKey: string;
  readonly address: string;
};

/** What a process has used since it began. */
export type Used = { readonly cpuMs: number; readonly residentBytes: number };

/** An operator in a process of its own. */
export type OperatorProcess = {
  used(): Promise<Used>;
  /** Ends it at once, as a machine that loses its power does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** A real API server without nodes, and real services that stand for a cell. */
export type OperatorWorld = AsyncDisposable & {
  readonly cluster: ClusterOfTest;
  readonly cell: CellOfTest;
  /** What a Tenant of this name says; its quota is there. */
  spec(name: string): object;
  /** In this process; `door` in place of the cell's own. */
  start(door: CellOfTest['door']): Operator;
  startProcess(settings?: Partial<Pick<OperatorSettings, 'server' | 'name' | 'rate'>>): Promise<OperatorProcess>;
};

const { config } = loadConfig(configTable, {});
/** What the operator asks of the API server by default. */
export const defaultRate = {
  perSecond: config.DRIFTBOX_OPERATOR_REQUESTS_PER_SECOND,
  burst: config.DRIFTBOX_OPERATOR_REQUEST_BURST,
};

/** Opens one. Close it, also after a failure. */
export async function openOperatorWorld(): Promise<OperatorWorld> {
  const folder = await temporaryFolder();
  const components = await startForTests(['k8s'], folder.path);
  process.env[testComponentsVariable] = JSON.stringify(components.handedOver);
  const cluster = await openCluster();
  // Room for the thousand of row 26, and for others beside them.
  const cell = await openCell(cluster, { maxTenants: 2_000 });
  const { url, authority, token } = testComponent('k8s');
  if (token === undefined) throw new Error('an operator is measured as in a pod, and so needs an API server that takes a token');
  await writeFile(path.join(folder.path, 'ca.crt'), authority);
  await writeFile(path.join(folder.path, 'token'), token, { mode: 0o600 });
  const quota = `q-${cluster.namespace}`;
  await cluster.apply(quotaKind, quota, { storage: '1Gi' });
  const { internal } = cell.server.process();
  const serviceKey = await serviceKeyOf(cell.server.dataFolder);
  return {
    cluster,
    cell,
    spec: (name) => ({ hosts: [`${name}.${cell.domain}`], isolation: { shared: { cell: cell.name } }, quota }),
    start: (door) => startOperator(cluster, { ...cell, door }),
    startProcess: async (settings) =>
      startProcess({
        server: url,
        accountFolder: folder.path,
        namespace: cluster.namespace,
        only: cluster.only,
        name: 'bench',
        rate: defaultRate,
        internal: internal!,
        serviceKey,
        address: cell.address,
        ...settings,
      }),
    async [Symbol.asyncDispose]() {
      await cell[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
      await components.stop(path.join(folder.path, 'logs'));
      await folder.remove();
    },
  };
}

async function startProcess(settings: OperatorSettings): Promise<OperatorProcess> {
  const script = path.join(import.meta.dirname, 'operator-process.ts');
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const used = async (): Promise<Used> => {
    child.stdin.write('\n');
    const [line] = (await once(lines, 'line')) as [string];
    return JSON.parse(line) as Used;
  };
  await used();
  return {
    used,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
