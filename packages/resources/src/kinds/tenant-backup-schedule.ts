import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { objectName, text, whole } from '../schema/fields.ts';
import { ruled } from '../schema/rule.ts';
import { fixed } from '../schema/rules.ts';
import { backupDestination, backupKeySecret } from './backup-place.ts';
import { conditions, count, observedGeneration, requestedAt, time } from './status.ts';

const spec = ruled(
  z.strictObject({
    tenant: objectName.describe('Name of the Tenant.'),
    schedule: text(
      100,
      '^[0-9A-Za-z*/,#-]+( [0-9A-Za-z*/,#-]+){4}$',
      'minute, hour, day of month, month and day of week, such as 17 2 * * *',
    ).describe('When, as cron has it: minute, hour, day of month, month, day of week.'),
    timeZone: text(64, '^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$', 'a time zone such as Europe/Berlin')
      .default('UTC')
      .describe('Time zone of the schedule (IANA).'),
    keep: whole(1, 1_000).default(7).describe('So many whole backups are kept; the oldest beyond them are removed.'),
    suspend: z.boolean().default(false).describe('While true no backup is made, and none is removed.'),
    destination: backupDestination.describe('Where the backups are kept, below the id of the tenant.'),
    keySecret: backupKeySecret,
  }),
  fixed('tenant', 'make another schedule'),
);

/** What a TenantBackupSchedule says, with defaults filled in. */
export type TenantBackupScheduleSpec = z.output<typeof spec>;

const status = z.strictObject({
  observedGeneration,
  conditions,
  nextTime: time.optional().describe('When the next backup is due.'),
  lastTime: time.optional().describe('For which time the last one was made.'),
  lastBackup: z.string().max(63).optional().describe('Its TenantBackup.'),
  lastSuccess: time.optional().describe('The moment that the newest whole one shows: at most what came since would be lost.'),
  kept: count.optional().describe('Whole backups of this schedule that there are.'),
  requestedAt,
});

/** Makes backups of a tenant again and again, and forgets the oldest. */
export const tenantBackupScheduleKind = defineKind({
  kind: 'TenantBackupSchedule',
  plural: 'tenantbackupschedules',
  singular: 'tenantbackupschedule',
  shortName: 'dbs',
  about: 'Makes a TenantBackup whenever a schedule says so, one at a time, and removes the oldest. What was missed is made once.',
  // The names of backups are this one and a time.
  longestName: 27,
  spec,
  status,
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Tenant', path: '.spec.tenant' },
    { name: 'Schedule', path: '.spec.schedule' },
    { name: 'Success', path: '.status.lastSuccess', type: 'date' },
    { name: 'Kept', path: '.status.kept', type: 'integer' },
    { name: 'Next', path: '.status.nextTime', wide: true },
    { name: 'Last', path: '.status.lastBackup', wide: true },
  ],
});
