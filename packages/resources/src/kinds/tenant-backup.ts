import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { objectName } from '../schema/fields.ts';
import { retainOrDelete } from '../schema/life.ts';
import { ruled } from '../schema/rule.ts';
import { fixed } from '../schema/rules.ts';
import { backupDestination, backupKeySecret } from './backup-place.ts';
import { conditions, count, observedGeneration, requestedAt, time } from './status.ts';

const isMade = 'a backup is made once; make another';

const spec = ruled(
  z.strictObject({
    tenant: objectName.describe('Name of the Tenant.'),
    destination: backupDestination.describe('Where the backup is kept, below the id of the tenant.'),
    keySecret: backupKeySecret,
    deletionPolicy: retainOrDelete
      .default('Delete')
      .describe('What becomes of the backup when this object is deleted: Delete removes it and what no other needs, Retain keeps it.'),
  }),
  fixed('tenant', isMade),
  fixed('destination', isMade),
  fixed('keySecret', isMade),
);

/** What a TenantBackup says, with defaults filled in. */
export type TenantBackupSpec = z.output<typeof spec>;

const status = z.strictObject({
  observedGeneration,
  conditions,
  tenantId: z.string().max(36).optional().describe('The id of the tenant, below which the backup lies.'),
  point: z.string().max(36).optional().describe('The id of the backup at its destination, once it is whole.'),
  takenAt: time.optional().describe('The moment that the backup shows.'),
  startTime: time.optional().describe('When the operator began with it.'),
  completionTime: time.optional().describe('When it was whole.'),
  drives: count.optional().describe('Drives in it; at which seq each is, the command driftbox admin backup list says.'),
  rows: count.optional().describe('Rows in it.'),
  chunks: count.optional().describe('Chunks that it needs.'),
  newObjects: count.optional().describe('Objects that the destination did not have before.'),
  newBytes: count.optional().describe('Their bytes.'),
  damaged: count.optional().describe('Chunks that the tenant itself cannot read any more, and that are not in it.'),
  tenantManifest: z
    .string()
    .max(65_536)
    .optional()
    .describe(
      'The Tenant as it was when this was begun, as a manifest to apply where it is gone: suspended, so that this can be restored into it.',
    ),
  requestedAt,
});

/** All that a tenant was at one moment, kept outside of its cell. */
export const tenantBackupKind = defineKind({
  kind: 'TenantBackup',
  plural: 'tenantbackups',
  singular: 'tenantbackup',
  shortName: 'dbb',
  about: 'All that a tenant was at one moment, in a bucket, readable with one key and nothing else of its cell. It is made once.',
  spec,
  status,
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Tenant', path: '.spec.tenant' },
    { name: 'Taken', path: '.status.takenAt', type: 'date' },
    { name: 'New', path: '.status.newBytes', type: 'integer' },
    { name: 'Point', path: '.status.point', wide: true },
  ],
});
