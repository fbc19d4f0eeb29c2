import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { stringify } from 'yaml';
import { kubectl } from '../../cluster/kubectl.ts';
import type { Point, Tell } from '../point.ts';
import { cliOf, fetchAs, haveTrial, patienceSeconds, putAnother, trial, waitReady } from './trial.ts';

const apiVersion = 'driftbox.io/v1alpha1';
const destination = { pool: 'trial' };

/** Backups as resources, in the cluster: another tenant, the same one as it was before, and one that was deleted. */
export const backedUp: Point = {
  number: 7,
  promise:
    'a tenant is backed up and restored under another name, in place, and after deletionPolicy Snapshot; a schedule makes and forgets',
  async show(tell) {
    await haveTrial(tell);
    await forget();
    const startMs = performance.now();
    // Of this run: the trial may have been shown before.
    const [before, after] = ['before', 'after'].map((when) => `${when}-${Date.now()}`);
    await putAnother(before ?? '');
    await apply('TenantBackup', 'proof', { tenant: 'demo', destination });
    await waitReady('tenantbackups.driftbox.io/proof');
    tell('backed up');
    await putAnother(after ?? '');
    const files = await restoreInto('copy', 'proof');
    tell(`restored under another name: ${files.join(', ')}`);
    await cliOf('copy', 'put', 'package.json', '/not-in-the-backup');
    await restoreInPlace('copy');
    const inPlace = await filesOf('copy');
    tell(`restored in place: ${inPlace.join(', ')}`);
    const last = await deleteWithSnapshot('copy', tell);
    const again = await restoreInto('again', last);
    tell(`restored from the last backup of one that was deleted: ${again.join(', ')}`);
    const kept = await schedule(tell);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    await forget();
    const isWhole = files.includes(before ?? '') && !files.includes(after ?? '') && files.includes('boat.bin');
    const isSame = [inPlace, again].every((other) => other.join() === files.join());
    return {
      holds: isWhole && isSame && kept === 1,
      figure: `${files.length} entries each time: other name, in place, after Snapshot; ${kept} of two scheduled ones kept; ${seconds} s`,
    };
  },
};

async function apply(kind: string, name: string, spec: object): Promise<void> {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'object.yaml');
  await writeFile(file, stringify({ apiVersion, kind, metadata: { name }, spec }));
  await kubectl(['apply', '-f', file]);
}

function tenantSpec(name: string, more: object): object {
  return { hosts: [`${name}.${trial.domain}`], isolation: { shared: { cell: 'trial' } }, deletionPolicy: 'Delete', ...more };
}

/** Makes a tenant and restores a backup into it; answers its entries. */
async function restoreInto(name: string, backup: string): Promise<string[]> {
  await apply('Tenant', name, tenantSpec(name, { suspended: true }));
  await apply('TenantRestore', `into-${name}`, { from: { backup }, tenant: name });
  await waitReady(`tenantrestores.driftbox.io/into-${name}`);
  await apply('Tenant', name, tenantSpec(name, { suspended: false }));
  await waitReady(`tenants.driftbox.io/${name}`);
  return filesOf(name);
}

async function restoreInPlace(name: string): Promise<void> {
  await apply('TenantRestore', 'in-place', { from: { backup: 'proof' }, tenant: name, replace: true });
  await waitReady('tenantrestores.driftbox.io/in-place', 'False');
  await apply('Tenant', name, tenantSpec(name, { suspended: true }));
  await waitReady('tenantrestores.driftbox.io/in-place');
  await apply('Tenant', name, tenantSpec(name, { suspended: false }));
  await waitReady(`tenants.driftbox.io/${name}`);
}

/** The entries of a tenant, once the first file came back byte by byte: every part hears within seconds that one is suspended no longer. */
async function filesOf(name: string): Promise<string[]> {
  await waitFor(async () => (await fetchAs(name), true), { deadlineMs: 15_000 });
  const { items } = JSON.parse(await cliOf(name, 'ls', '/', '--json')) as { readonly items: readonly { readonly name: string }[] };
  return items.map((entry) => entry.name).toSorted();
}

/** Answers the name of the last backup, which stays. */
async function deleteWithSnapshot(name: string, tell: Tell): Promise<string> {
  await apply('Tenant', name, tenantSpec(name, { suspended: false, deletionPolicy: 'Snapshot', snapshot: { destination } }));
  const id = await kubectl(['get', `tenants.driftbox.io/${name}`, '-o', 'jsonpath={.status.tenantId}']);
  await kubectl(['delete', `tenants.driftbox.io/${name}`, `--timeout=${patienceSeconds}s`]);
  const backup = await kubectl([
    'get',
    'tenantbackups.driftbox.io',
    '-l',
    `driftbox.io/tenant-id=${id}`,
    '-o',
    'jsonpath={.items[*].metadata.name}',
  ]);
  await waitReady(`tenantbackups.driftbox.io/${backup}`);
  const record = await kubectl(['-n', trial.operators, 'get', 'configmap', `tenant-${id}`, '-o', 'jsonpath={.data.state}']);
  tell(`${name} is deleted, ${record}, and ${backup} is there`);
  if (record !== 'erased') throw new Error(`the record of ${name} says ${record}`);
  return backup;
}

/** Two times of a schedule that keeps one; answers how many are there then. */
async function schedule(tell: Tell): Promise<number> {
  await apply('TenantBackupSchedule', 'minutely', {
    tenant: 'demo',
    schedule: '* * * * *',
    timeZone: 'Europe/Berlin',
    keep: 1,
    destination,
  });
  const made = (): Promise<string> => kubectl(['get', 'tenantbackupschedules.driftbox.io/minutely', '-o', 'jsonpath={.status.lastBackup}']);
  const wait = ['wait', 'tenantbackupschedules.driftbox.io/minutely', `--timeout=${patienceSeconds}s`];
  await kubectl([...wait, '--for=jsonpath={.status.kept}=1']);
  const first = await made();
  await kubectl(['wait', `tenantbackups.driftbox.io/${first}`, '--for=delete', `--timeout=${patienceSeconds}s`]);
  const label = ['get', 'tenantbackups.driftbox.io', '-l', 'driftbox.io/schedule=minutely', '-o', 'jsonpath={.items[*].status.point}'];
  const points = (await kubectl(label)).split(' ').filter((point) => point !== '');
  tell(`the schedule has made ${first} and ${await made()}, and forgot the first`);
  return points.length;
}

/** Removes whatever this point has made. */
async function forget(): Promise<void> {
  for (const kind of ['tenantbackupschedules', 'tenantrestores', 'tenantbackups'])
    await kubectl(['delete', `${kind}.driftbox.io`, '--all', `--timeout=${patienceSeconds}s`]);
  await kubectl(['delete', 'tenants.driftbox.io', 'copy', 'again', '--ignore-not-found', `--timeout=${patienceSeconds}s`]);
}
