import { tenantBackupKind, tenantRestoreKind, type BackupPlace, type TenantBackupSpec, type TenantRestoreSpec } from '@driftbox/resources';
import { seeKey, type ObserveParts } from '../backup/observe-backup.ts';
import { remakeTenant } from '../backup/tenant-manifest.ts';
import { seeDestination } from '../backup/see-destination.ts';
import { seeJob } from '../backup/see-job.ts';
import { backupResource, type TenantBackup } from '../backup/tenant-backup.ts';
import { judgedSpec } from '../judged-spec.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { tenantResource, type Tenant } from '../tenant/tenant.ts';
import type { RestoreObserved, RestoreSource, Sought, TenantRestore } from './tenant-restore.ts';

/** Reads all that a pass over a TenantRestore is decided on, and changes nothing. Throws `ApiRefused`. */
export async function observeRestore(parts: ObserveParts, restore: TenantRestore, signal: AbortSignal): Promise<RestoreObserved> {
  const { api, operatorNamespace: namespace, wallMs } = parts;
  const judged = judgedSpec<TenantRestoreSpec>(tenantRestoreKind, restore);
  const base = { restore, faults: judged.ok ? [] : judged.faults, epochMs: wallMs() };
  const unknown = { kind: 'waiting', why: '' } as const;
  if (!judged.ok) return { ...base, spec: undefined, source: unknown, key: { kind: 'absent' }, target: unknown, job: { kind: 'none' } };
  const { spec } = judged;
  const source = await seekSource(parts, spec.from, signal);
  const tenantId = source.kind === 'found' ? source.value.tenantId : restore.status?.tenantId;
  const { uid = '' } = restore.metadata;
  return {
    ...base,
    spec,
    source,
    key: source.kind === 'found' ? await seeKey(parts, source.value.keySecret, signal) : { kind: 'absent' },
    target: await seekTarget(api, spec, signal),
    job: tenantId === undefined ? { kind: 'none' } : await seeJob(api, namespace, tenantId, uid, signal),
  };
}

async function seekSource(
  parts: ObserveParts,
  { backup: name, point }: TenantRestoreSpec['from'],
  signal: AbortSignal,
): Promise<Sought<RestoreSource>> {
  if (point !== undefined) return found(parts, point, { tenantId: point.tenantId, point: point.id }, signal);
  const answer = await parts.api.get<TenantBackup>(backupResource, { name: name ?? '' }, { signal });
  if (answer.kind === 'notFound') return { kind: 'missing', message: `spec.from.backup: there is no TenantBackup ${name ?? ''}` };
  const backup = expectOk(answer, `reading the TenantBackup ${name ?? ''}`);
  const { tenantId, point: id, completionTime } = backup.status ?? {};
  if (tenantId === undefined || id === undefined || completionTime === undefined)
    return { kind: 'waiting', why: `TenantBackup ${name ?? ''} is not whole yet` };
  const judged = judgedSpec<TenantBackupSpec>(tenantBackupKind, backup);
  if (!judged.ok) return { kind: 'missing', message: `TenantBackup ${name ?? ''}: ${judged.faults.join('; ')}` };
  return found(parts, judged.spec, { tenantId, point: id }, signal);
}

async function found(
  { api, operatorNamespace }: ObserveParts,
  { destination, keySecret }: BackupPlace,
  known: Pick<RestoreSource, 'tenantId' | 'point'>,
  signal: AbortSignal,
): Promise<Sought<RestoreSource>> {
  return { kind: 'found', value: { ...known, keySecret, destination: await seeDestination(api, operatorNamespace, destination, signal) } };
}

/** Nobody may be in it: what they did meanwhile would be lost, or in the way. */
async function seekTarget(api: Api, spec: TenantRestoreSpec, signal: AbortSignal): Promise<RestoreObserved['target']> {
  const { tenant: name, from } = spec;
  const answer = await api.get<Tenant>(tenantResource, { name }, { signal });
  if (answer.kind === 'notFound') return { kind: 'missing', message: `spec.tenant: there is no Tenant ${name}. ${howToMake(from)}` };
  const { status, metadata } = expectOk(answer, `reading the Tenant ${name}`);
  const { tenantId, cell } = status ?? {};
  if (tenantId === undefined || cell === undefined) return { kind: 'waiting', why: `Tenant ${name} has no place yet` };
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isSuspended = ready?.reason === 'Suspended' && ready.observedGeneration === metadata.generation;
  if (isSuspended) return { kind: 'found', value: { tenantId, cell } };
  return { kind: 'waiting', why: `set spec.suspended of Tenant ${name} to true: nobody may be in it while it is restored` };
}

/** A backup of which there is an object knows what its Tenant was; of another, the point itself says what the services were told. */
function howToMake({ backup, point }: TenantRestoreSpec['from']): string {
  return backup === undefined
    ? `driftbox admin backup tenant ${point?.id ?? ''} prints a manifest of it, suspended: apply that`
    : `As it was, and suspended, this makes it: ${remakeTenant(backup)}; for another beside it change name and hosts on the way`;
}
