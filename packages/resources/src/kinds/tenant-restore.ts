import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { objectName, uuid } from '../schema/fields.ts';
import { ruled } from '../schema/rule.ts';
import { exactlyOne, fixed } from '../schema/rules.ts';
import { backupDestination, backupKeySecret } from './backup-place.ts';
import { conditions, count, observedGeneration, requestedAt, time } from './status.ts';

const once = 'a restore is made once; make another';

const from = ruled(
  z.strictObject({
    backup: objectName.optional().describe('Name of a TenantBackup that is whole.'),
    point: z
      .strictObject({
        tenantId: uuid.describe('Id of the tenant whose backup it is.'),
        id: uuid.describe('Id of the backup, as driftbox admin backup list says it.'),
        destination: backupDestination.describe('Where it is kept.'),
        keySecret: backupKeySecret,
      })
      .optional()
      .describe('A backup of which there is no object, such as that of another cluster.'),
  }),
  exactlyOne('backup', 'point'),
);

const spec = ruled(
  z.strictObject({
    from: from.describe('What is restored.'),
    tenant: objectName.describe(
      'Name of the Tenant that it is restored into: the same one, or another that was made for it. spec.suspended of it has to be true.',
    ),
    replace: z
      .boolean()
      .default(false)
      .describe('Whether what that Tenant has goes first. Without it one that has people or files is left as it is.'),
  }),
  fixed('from', once),
  fixed('tenant', once),
);

/** What a TenantRestore says, with defaults filled in. */
export type TenantRestoreSpec = z.output<typeof spec>;

const status = z.strictObject({
  observedGeneration,
  conditions,
  tenantId: z.string().max(36).optional().describe('The id of the tenant whose backup it is.'),
  point: z.string().max(36).optional().describe('The id of the backup.'),
  takenAt: time.optional().describe('The moment that the tenant is restored to.'),
  startTime: time.optional().describe('When the operator began with it.'),
  completionTime: time.optional().describe('When everything was there.'),
  drives: count.optional().describe('Drives that came.'),
  rows: count.optional().describe('Rows that came.'),
  chunks: count.optional().describe('Chunks that they need.'),
  sentChunks: count.optional().describe('Chunks that the pool of the tenant did not have.'),
  sentBytes: count.optional().describe('Their bytes.'),
  damaged: count.optional().describe('Chunks that the backup has not, since the tenant could not read them then.'),
  requestedAt,
});

/** One restore of a backup into a suspended tenant. */
export const tenantRestoreKind = defineKind({
  kind: 'TenantRestore',
  plural: 'tenantrestores',
  singular: 'tenantrestore',
  shortName: 'dbr',
  about: 'Brings a backup into a suspended tenant, the same or another, once. Let people in afterwards by spec.suspended of the Tenant.',
  spec,
  status,
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Tenant', path: '.spec.tenant' },
    { name: 'As-Of', path: '.status.takenAt', type: 'date' },
    { name: 'Backup', path: '.spec.from.backup', wide: true },
  ],
});
