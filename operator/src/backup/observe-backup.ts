import { tenantBackupKind, type BackupPlace, type TenantBackupSpec } from '@driftbox/resources';
import { lacking, readSecret } from '../cell/read-copied.ts';
import { judgedSpec } from '../judged-spec.ts';
import { expectOk, type Api, type Cache } from '../runtime/index.ts';
import { tenantResource, type Tenant } from '../tenant/tenant.ts';
import { tenantManifest } from './tenant-manifest.ts';
import type { BackupObserved, KeySeen, TenantSeen } from './backup-observed.ts';
import { seeDestination } from './see-destination.ts';
import { seeJob } from './see-job.ts';
import type { TenantBackup } from './tenant-backup.ts';

/** The Secret that the operator makes where it is missing. */
export const ownKeySecret = 'driftbox-backup-key';

/** What looking at a TenantBackup takes. */
export type ObserveParts = {
  readonly api: Api;
  readonly backups: Pick<Cache<TenantBackup>, 'get' | 'list'>;
  readonly operatorNamespace: string;
  readonly wallMs: () => number;
};

/** Reads all that a pass over a TenantBackup is decided on, and changes nothing. Throws `ApiRefused`. */
export async function observeBackup(parts: ObserveParts, backup: TenantBackup, signal: AbortSignal): Promise<BackupObserved> {
  const { api, operatorNamespace: namespace, wallMs } = parts;
  const judged = judgedSpec<TenantBackupSpec>(tenantBackupKind, backup);
  const base = { backup, faults: judged.ok ? [] : judged.faults, epochMs: wallMs() };
  const nobody = { kind: 'waiting', why: '' } as const;
  const nowhere = { missing: { reason: 'InvalidSpec', message: '' } } as const;
  if (!judged.ok) return { ...base, spec: undefined, tenant: nobody, key: { kind: 'absent' }, destination: nowhere, job: { kind: 'none' } };
  const { spec } = judged;
  const tenant = await seeTenant(api, spec.tenant, backup.status?.tenantId, signal);
  const tenantId = backup.status?.tenantId ?? (tenant.kind === 'placed' ? tenant.tenantId : undefined);
  const { uid = '' } = backup.metadata;
  return {
    ...base,
    spec,
    tenant,
    key: await seeKey(parts, spec.keySecret, signal),
    destination: await seeDestination(api, namespace, spec.destination, signal),
    job: tenantId === undefined ? { kind: 'none' } : await seeJob(api, namespace, tenantId, uid, signal),
  };
}

/** The Tenant of this name, as long as it is the one that the backup was begun of. */
async function seeTenant(api: Api, name: string, begunOf: string | undefined, signal: AbortSignal): Promise<TenantSeen> {
  const answer = await api.get<Tenant>(tenantResource, { name }, { signal });
  if (answer.kind === 'notFound') return { kind: 'missing', message: `spec.tenant: there is no Tenant ${name}` };
  const tenant = expectOk(answer, `reading the Tenant ${name}`);
  const { tenantId, cell } = tenant.status ?? {};
  if (tenantId === undefined || cell === undefined) return { kind: 'waiting', why: `Tenant ${name} has no place yet` };
  if (begunOf !== undefined && begunOf !== tenantId)
    return { kind: 'missing', message: `spec.tenant: the Tenant ${name} that this was begun of is gone; the one there now is another` };
  return { kind: 'placed', tenantId, cell, manifest: tenantManifest(tenant) };
}

/** A key that was lost is never made anew: with it the backups that there are would be lost for good. */
export async function seeKey(
  { api, backups, operatorNamespace: namespace }: Pick<ObserveParts, 'api' | 'backups' | 'operatorNamespace'>,
  keySecret: BackupPlace['keySecret'],
  signal: AbortSignal,
): Promise<KeySeen> {
  const secret = await readSecret(api, namespace, keySecret, signal);
  const trouble = lacking('spec.keySecret', keySecret, secret, ['key']);
  if (trouble === undefined) return { kind: 'there' };
  if (secret !== undefined || keySecret !== ownKeySecret) return { kind: 'missing', trouble };
  const under = backups.list().find(({ spec, status }) => isUnder(spec, keySecret) && status?.tenantId !== undefined);
  if (under === undefined) return { kind: 'absent' };
  const message = `${trouble.message}, and TenantBackup ${under.metadata.name} is under its key: put it back from where you keep it`;
  return { kind: 'missing', trouble: { ...trouble, message } };
}

function isUnder(spec: unknown, keySecret: string): boolean {
  const named: unknown = Reflect.get(Object(spec), 'keySecret');
  return (named ?? ownKeySecret) === keySecret;
}
