import { apiVersion, type BackupPlace } from '@driftbox/resources';
import { passedOnLabels } from '../passed-on-labels.ts';
import type { KubeObject } from '../runtime/index.ts';
import type { TenantBackup } from './tenant-backup.ts';

/** A TenantBackup that is made for another object. It gets that object's labels, so that the same operator looks after it, and no owner. */
export function newBackup(
  name: string,
  by: { readonly labels?: Readonly<Record<string, string>> },
  spec: BackupPlace & { readonly tenant: string; readonly deletionPolicy: 'Retain' | 'Delete' },
): TenantBackup & KubeObject {
  return { apiVersion, kind: 'TenantBackup', metadata: { name, labels: passedOnLabels(by) }, spec };
}
