import assert from 'node:assert/strict';
import type { Catalogue } from '../catalogue.ts';
import type { ImageSource } from '../cell/cell-input.ts';
import { cellResource, type Cell } from '../cell/cell.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject, type ResourceKind } from '../runtime/index.ts';
import { dataOf, type SecretObject } from '../secret.ts';
import { setFinalizer } from '../set-finalizer.ts';
import { backupJob, backupJobName, type BackupJobInput } from './backup-job.ts';
import type { BackupObserved } from './backup-observed.ts';
import { ownKeySecret } from './observe-backup.ts';
import type { BackupStep } from './plan-backup.ts';
import { backupFinalizer, backupManager as manager, backupResource } from './tenant-backup.ts';

/** What steps are taken with. */
export type ExecuteParts = {
  readonly api: Api;
  readonly operatorNamespace: string;
  readonly catalogue: Catalogue;
  readonly images: ImageSource;
};

/** Takes one step. Throws where it fails: the next pass begins with what is there then. */
export async function executeBackup(parts: ExecuteParts, observed: BackupObserved, step: BackupStep, signal: AbortSignal): Promise<void> {
  const { api, operatorNamespace: namespace } = parts;
  const { backup } = observed;
  const finalizer = { kind: backupResource, manager, finalizer: backupFinalizer };
  switch (step) {
    case 'protect':
      return setFinalizer(api, backup, { ...finalizer, isSet: true }, signal);
    case 'unprotect':
      return setFinalizer(api, backup, { ...finalizer, isSet: false }, signal);
    case 'makeKey':
      return makeKey(api, namespace, signal);
    case 'clear':
      return clearJob(api, namespace, backup.status?.tenantId ?? '', signal);
    case 'create':
    case 'remove':
      return startJob(parts, backupResource, backup, { ...(await inputOf(parts, observed, step, signal)), task: step }, signal);
  }
}

/** Made once: what is there is never written over. Data hangs on it, so nothing owns it. */
async function makeKey(api: Api, namespace: string, signal: AbortSignal): Promise<void> {
  // Only now: it comes with all that backups are made of.
  const { newBackupKey } = await import('@driftbox/backup');
  const metadata = { namespace, name: ownKeySecret, labels: { 'app.kubernetes.io/part-of': 'driftbox' } };
  const secret: SecretObject = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf({ key: newBackupKey() }) };
  const made = await api.create(kubeKinds.secret, secret, { signal });
  if (made.kind !== 'alreadyExists') expectOk(made, `making the Secret ${ownKeySecret}`);
}

/** Ends a Job of ours; its name, the lock, is free when its pods are gone. */
export async function clearJob(api: Api, namespace: string, tenantId: string, signal: AbortSignal): Promise<void> {
  const name = backupJobName(tenantId);
  const gone = await api.delete(kubeKinds.job, { namespace, name }, { signal, propagation: 'Foreground' });
  if (gone.kind !== 'notFound') expectOk(gone, `removing the Job ${name}`);
}

/**
 * Starts a Job for an object, unless somebody else has just begun to work with these backups, or the object is another by now than the
 * one that was decided on: a cache may not have heard yet that what the Job would do is done.
 */
export async function startJob(
  { api, operatorNamespace }: ExecuteParts,
  kind: ResourceKind,
  { metadata }: KubeObject,
  input: Omit<BackupJobInput, 'namespace' | 'owner'>,
  signal: AbortSignal,
): Promise<void> {
  const { name, uid = '', resourceVersion } = metadata;
  const now = await api.get<KubeObject>(kind, { name }, { signal });
  if (now.kind === 'notFound' || expectOk(now, `reading ${kind.kind} ${name}`).metadata.resourceVersion !== resourceVersion) return;
  const job = backupJob({ ...input, namespace: operatorNamespace, owner: { kind: kind.kind, name, uid } });
  const made = await api.create(kubeKinds.job, job, { signal });
  if (made.kind !== 'alreadyExists') expectOk(made, `starting the Job ${job.metadata.name}`);
}

async function inputOf(
  parts: ExecuteParts,
  { backup, spec, tenant, destination }: BackupObserved,
  step: BackupStep,
  signal: AbortSignal,
): Promise<Omit<BackupJobInput, 'task' | 'namespace' | 'owner'>> {
  const { metadata, status } = backup;
  const cell = step === 'create' && tenant.kind === 'placed' ? tenant.cell : undefined;
  assert(spec !== undefined && 'bucket' in destination && status?.tenantId !== undefined, 'a Job is started when all is known');
  return {
    tenantId: status.tenantId,
    point: metadata.uid ?? '',
    bucket: destination.bucket,
    keySecret: spec.keySecret,
    cell,
    version: await versionOf(parts, cell, signal),
    images: parts.images,
  };
}

/** What runs in the cell; the newest where none is asked, or that one did not come with this operator. */
export async function versionOf(
  { api, catalogue }: ExecuteParts,
  cell: string | undefined,
  signal: AbortSignal,
): Promise<BackupJobInput['version']> {
  const newest = catalogue.at(-1);
  assert(newest !== undefined, 'an operator comes with a version at least');
  if (cell === undefined) return newest;
  const { status } = expectOk(await api.get<Cell>(cellResource, { name: cell }, { signal }), `reading the Cell ${cell}`);
  return catalogue.find(({ version }) => version === status?.version) ?? newest;
}
