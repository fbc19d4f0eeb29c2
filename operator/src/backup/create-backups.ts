import type { Follow, Following } from '../kind-parts.ts';
import { Cache, Controller, keyOf, type ControllerOptions } from '../runtime/index.ts';
import { tracePass } from '../trace-pass.ts';
import { reconcileBackup, type BackupParts } from './reconcile-backup.ts';
import { backupResource, type TenantBackup } from './tenant-backup.ts';

/** What looks after TenantBackups. */
export function createBackups(
  parts: Omit<BackupParts, 'backups'>,
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): { readonly controller: Controller; readonly reflectors: readonly Following[]; readonly cache: Cache<TenantBackup> } {
  const backups = new Cache<TenantBackup>();
  const controller = new Controller({
    ...control('tenantbackup'),
    reconcile: tracePass('TenantBackup', reconcileBackup({ ...parts, backups })),
  });
  const reflectors = [
    follow<TenantBackup, never>({
      kind: backupResource,
      cache: backups,
      onChange: ({ type, object }) => controller.add(keyOf(object.metadata), type === 'added' ? 'low' : 'normal'),
    }),
  ];
  return { controller, reflectors, cache: backups };
}
