import { tenantBackupScheduleKind } from '../kinds/tenant-backup-schedule.ts';
import { rowsOf, type Row } from './row.ts';

const destination = { pool: 'archive' };
const { taken, refused, changed, unchangeable } = rowsOf(tenantBackupScheduleKind, { tenant: 'acme', schedule: '17 2 * * *', destination });
const form = 'is not minute, hour, day of month, month and day of week, such as 17 2 * * *';

/** Schedules of backups, good and bad. */
export const tenantBackupScheduleRows: readonly Row[] = [
  taken('every night', {}),
  taken('with everything', { timeZone: 'Europe/Berlin', keep: 30, suspend: true, keySecret: 'own' }),
  taken('each quarter of an hour of working days', { schedule: '*/15 8-18 * * MON-FRI' }),
  taken('in a zone with parts', { timeZone: 'America/Argentina/Buenos_Aires' }),
  taken('in a zone by its offset', { timeZone: 'Etc/GMT+3' }),
  taken('with the longest name', {}, 'a'.repeat(27)),
  refused('with a name that leaves no room for a time', {}, '', 'metadata.name has at most 27 lower-case letters', 'a'.repeat(28)),
  refused('of four parts', { schedule: '17 2 * *' }, 'spec.schedule', form),
  refused('of six parts', { schedule: '0 17 2 * * *' }, 'spec.schedule', form),
  refused('in words', { schedule: '@daily' }, 'spec.schedule', form),
  refused('in no zone', { timeZone: '+02:00' }, 'spec.timeZone', 'is not a time zone such as Europe/Berlin'),
  refused('that keeps none', { keep: 0 }, 'spec.keep', 'should be greater than or equal to 1'),
  refused('nowhere', { destination: undefined }, 'spec.destination', 'Required value'),
  changed('another time, zone and place', {}, { schedule: '0 3 * * 0', timeZone: 'Asia/Tokyo', destination: { pool: 'other' } }),
  unchangeable('another tenant', {}, { tenant: 'globex' }, 'spec.tenant', 'tenant cannot be changed: make another schedule'),
];
