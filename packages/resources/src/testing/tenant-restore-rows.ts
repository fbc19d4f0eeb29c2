import { tenantRestoreKind } from '../kinds/tenant-restore.ts';
import { rowsOf, type Row } from './row.ts';

const { taken, refused, changed, unchangeable } = rowsOf(tenantRestoreKind, { from: { backup: 'one' }, tenant: 'copy' });
const id = '6b4b6d1c-53a8-4f0e-9d7a-2f1f9a1c0001';
const point = { tenantId: id, id, destination: { pool: 'archive' } };
const once = 'cannot be changed: a restore is made once; make another';

/** Restores, good and bad. */
export const tenantRestoreRows: readonly Row[] = [
  taken('of a TenantBackup', {}),
  taken('in place of what is there', { replace: true }),
  taken('of a point in a pool', { from: { point } }),
  taken('of a point under a key of its own', { from: { point: { ...point, keySecret: 'own' } } }),
  taken('of a point in a bucket', {
    from: { point: { ...point, destination: { s3: { endpoint: 'https://s3.example.com', bucket: 'backups', credentialsSecret: 's3' } } } },
  }),
  refused('of nothing', { from: {} }, 'spec.from', 'set exactly one of backup, point'),
  refused('of both', { from: { backup: 'one', point } }, 'spec.from', 'set exactly one of backup, point'),
  refused('into nobody', { tenant: undefined }, 'spec.tenant', 'Required value'),
  refused(
    'of a point that cannot be',
    { from: { point: { ...point, id: 'newest' } } },
    'spec.from.point.id',
    'is not a UUID in lower case',
  ),
  refused(
    'of a point without tenant',
    { from: { point: { ...point, tenantId: undefined } } },
    'spec.from.point.tenantId',
    'Required value',
  ),
  changed('what is there goes after all', {}, { replace: true }),
  unchangeable('another backup', {}, { from: { backup: 'two' } }, 'spec.from', `from ${once}`),
  unchangeable('another tenant', {}, { tenant: 'other' }, 'spec.tenant', `tenant ${once}`),
];
