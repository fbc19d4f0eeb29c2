import { tenantBackupKind } from '../kinds/tenant-backup.ts';
import { rowsOf, type Row } from './row.ts';

const s3 = { endpoint: 'https://s3.example.com', bucket: 'backups', credentialsSecret: 's3' };
const { taken, refused, changed, unchangeable } = rowsOf(tenantBackupKind, { tenant: 'acme', destination: { s3 } });
const bucket = (part: object) => ({ destination: { s3: { ...s3, ...part } } });
const once = 'cannot be changed: a backup is made once; make another';

/** Backups of tenants, good and bad. */
export const tenantBackupRows: readonly Row[] = [
  taken('in a bucket', {}),
  taken('in a bucket with everything', bucket({ prefix: 'a/b', region: 'eu-1', authoritySecret: 'ca' })),
  taken('in a pool', { destination: { pool: 'archive' }, keySecret: 'own-key', deletionPolicy: 'Retain' }),
  taken('in a pool, under the usual key', { destination: { pool: 'archive' } }),
  taken('plain HTTP and a port', bucket({ endpoint: 'http://10.0.0.1:9000' })),
  refused('of nobody', { tenant: undefined }, 'spec.tenant', 'Required value'),
  refused('of a tenant that cannot be', { tenant: 'Acme' }, 'spec.tenant', "is not an object's name"),
  refused('nowhere', { destination: undefined }, 'spec.destination', 'Required value'),
  refused('in neither bucket nor pool', { destination: {} }, 'spec.destination', 'set exactly one of s3, pool'),
  refused('in both', { destination: { s3, pool: 'archive' } }, 'spec.destination', 'set exactly one of s3, pool'),
  refused('without credentials', bucket({ credentialsSecret: undefined }), 'spec.destination.s3.credentialsSecret', 'Required value'),
  refused('a prefix that climbs', bucket({ prefix: 'a/../b' }), 'spec.destination.s3.prefix', 'is not a prefix such as driftbox/eu'),
  refused(
    'another policy',
    { deletionPolicy: 'Snapshot' },
    'spec.deletionPolicy',
    'Unsupported value: "Snapshot": supported values: "Retain", "Delete"',
  ),
  changed('another policy later', {}, { deletionPolicy: 'Retain' }),
  unchangeable('another tenant', {}, { tenant: 'globex' }, 'spec.tenant', `tenant ${once}`),
  unchangeable('another bucket', {}, bucket({ bucket: 'other' }), 'spec.destination', `destination ${once}`),
  unchangeable('a pool in place of a bucket', {}, { destination: { pool: 'archive' } }, 'spec.destination', `destination ${once}`),
  unchangeable('another key', {}, { keySecret: 'other' }, 'spec.keySecret', `keySecret ${once}`),
];
