import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serviceNames } from '@driftbox/protocol';
import { temporaryFolder } from '@driftbox/testkit';
import { findCluster } from '../cluster/find-cluster.ts';
import { kubectl } from '../cluster/kubectl.ts';
import type { TargetAdministrator } from '../src/target/test-target.ts';
import { UnusableTarget } from './unusable-target.ts';

/** A tenant made for these tests alone in a cell of the running cluster, with what it takes to reach it. */
export type ClusterTenant = {
  readonly address: string;
  readonly caFile: string;
  /** JSON of `TargetAdministrator`. */
  readonly administratorFile: string;
  /** What `/etc/hosts` has to say to whoever goes there. */
  readonly hostsFile: string;
  /** Deletes the tenant with all that is in it. */
  close(): Promise<void>;
};

type CellObject = { readonly metadata: { readonly name: string }; readonly spec: { readonly domain?: string } };
const readyWithinSeconds = 600;

/** Makes a tenant to which everybody may sign up, in the first cell that is ready. Throws `UnusableTarget` where there is none. */
export async function openClusterTenant(report: (line: string) => void): Promise<ClusterTenant> {
  if ((await findCluster()) === undefined)
    throw new UnusableTarget('no cluster is up; the four commands in README, under "On Kubernetes", make one with a cell in it');
  const { name: cell, domain } = await readyCell();
  const namespace = `driftbox-cell-${cell}`;
  const tenant = `e2e-${randomBytes(4).toString('hex')}`;
  const host = `${tenant}.${domain}`;
  const folder = await temporaryFolder();
  const at = (file: string): string => path.join(folder.path, file);
  const close = async (): Promise<void> => {
    await kubectl(['delete', `tenants.driftbox.io/${tenant}`, '--ignore-not-found', `--timeout=${readyWithinSeconds}s`]);
    await folder.remove();
  };
  try {
    await writeFile(at('tenant.yaml'), JSON.stringify(tenantObject(tenant, host, cell)));
    await kubectl(['apply', '-f', at('tenant.yaml')]);
    await kubectl(['wait', '--for=condition=Ready', `tenants.driftbox.io/${tenant}`, `--timeout=${readyWithinSeconds}s`]);
    report(`made the tenant ${tenant} in the cell ${cell}`);
    const inside = serviceNames.map((service) => ({ service, host: `${cell}-${service}.${namespace}.svc` }));
    const hosts = [`127.0.0.1 localhost`, `${await clusterIp(namespace, `${cell}-gateway`)} ${host}`];
    for (const { service, host: name } of inside) hosts.push(`${await clusterIp(namespace, `${cell}-${service}`)} ${name}`);
    await writeFile(at('hosts'), `${hosts.join('\n')}\n`);
    // The authority of the cell's domain, and that of its inside, which an administrator's commands go to.
    await writeFile(at('ca.crt'), `${await secretValue(`cell-${cell}-tls`, 'ca.crt')}\n${await secretValue(`inner-${cell}`, 'ca.crt')}`);
    const administrator: TargetAdministrator = {
      serviceKey: await secretValue(`cell-${cell}`, 'service-key'),
      internal: Object.fromEntries(
        inside.map(({ service, host: name }) => [service, `https://${name}:9443`]),
      ) as TargetAdministrator['internal'],
      tenantHosts: `*.${domain}`,
    };
    await writeFile(at('administrator.json'), JSON.stringify(administrator), { mode: 0o600 });
  } catch (error) {
    await close();
    throw error;
  }
  const files = { caFile: at('ca.crt'), administratorFile: at('administrator.json'), hostsFile: at('hosts') };
  return { address: `https://${host}`, ...files, close };
}

async function readyCell(): Promise<{ readonly name: string; readonly domain: string }> {
  const cells = await kubectl(['get', 'cells.driftbox.io', '-o', 'json']).catch((cause: unknown) => {
    throw new UnusableTarget('the cluster does not know cells: the operator is not installed', { cause });
  });
  type Conditions = { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } };
  const { items } = JSON.parse(cells) as { readonly items: readonly (CellObject & Conditions)[] };
  const ready = items.find(({ status }) => status?.conditions?.some(({ type, status: truth }) => type === 'Ready' && truth === 'True'));
  if (ready?.spec.domain === undefined) throw new UnusableTarget('no cell of the cluster is ready: kubectl get cells.driftbox.io');
  return { name: ready.metadata.name, domain: ready.spec.domain };
}

function tenantObject(name: string, host: string, cell: string): object {
  return {
    apiVersion: 'driftbox.io/v1alpha1',
    kind: 'Tenant',
    metadata: { name },
    spec: { hosts: [host], isolation: { shared: { cell } }, identity: { signUp: 'open' }, deletionPolicy: 'Delete' },
  };
}

function clusterIp(namespace: string, service: string): Promise<string> {
  return kubectl(['-n', namespace, 'get', 'service', service, '-o', 'jsonpath={.spec.clusterIP}']);
}

async function secretValue(name: string, key: string): Promise<string> {
  const secret = await kubectl(['-n', 'driftbox-system', 'get', 'secret', name, '-o', 'json']);
  const { data } = JSON.parse(secret) as { readonly data: Readonly<Record<string, string>> };
  return Buffer.from(data[key] ?? '', 'base64').toString('utf8');
}
