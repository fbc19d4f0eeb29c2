import { storagePoolKind } from '../kinds/storage-pool.ts';
import { rowsOf, type Row } from './row.ts';

const external = { endpoint: 'https://s3.example.com', bucket: 'packs', credentialsSecret: 's3' };
const bundled = { driveSize: '100Gi' };
const { taken, refused, changed, unchangeable } = rowsOf(storagePoolKind, { external });
const outside = (part: object) => ({ external: { ...external, ...part } });
const own = (part: object) => ({ external: undefined, bundled: { ...bundled, ...part } });
const stays = 'cannot be changed: the packs of tenants lie where it says; make another pool';
const laidOut = 'cannot be changed: the drives are laid out by it; make another pool';

/** Storage pools, good and bad. */
export const storagePoolRows: readonly Row[] = [
  taken('an S3 server', {}),
  taken('an S3 server with everything', outside({ prefix: 'a/b', region: 'eu-1', storageClass: 'STANDARD_IA', authoritySecret: 'ca' })),
  taken('plain HTTP and a port', outside({ endpoint: 'http://10.0.0.1:9000' })),
  refused(
    'an endpoint without scheme',
    outside({ endpoint: 's3.example.com' }),
    'spec.external.endpoint',
    'is not an address such as https://s3.example.com',
  ),
  refused(
    'an endpoint with a path',
    outside({ endpoint: 'https://s3.example.com/x' }),
    'spec.external.endpoint',
    'is not an address such as',
  ),
  refused(
    'an endpoint with a password',
    outside({ endpoint: 'https://u:p@s3.example.com' }),
    'spec.external.endpoint',
    'is not an address such as',
  ),
  refused('no endpoint', outside({ endpoint: undefined }), 'spec.external.endpoint', 'Required value'),
  refused('no credentials', outside({ credentialsSecret: undefined }), 'spec.external.credentialsSecret', 'Required value'),
  refused(
    'credentials in another namespace',
    outside({ credentialsSecret: 'other/s3' }),
    'spec.external.credentialsSecret',
    "is not a Secret's name",
  ),
  refused('a bucket in capitals', outside({ bucket: 'Packs' }), 'spec.external.bucket', "is not a bucket's name"),
  refused('a bucket of two letters', outside({ bucket: 'ab' }), 'spec.external.bucket', "is not a bucket's name"),
  refused('a bucket of 64 letters', outside({ bucket: 'b'.repeat(64) }), 'spec.external.bucket', 'Too long: may not be more than 63'),
  refused('a prefix with a slash at its end', outside({ prefix: 'a/' }), 'spec.external.prefix', 'is not a prefix such as driftbox/eu'),
  refused('a prefix that climbs', outside({ prefix: 'a/../b' }), 'spec.external.prefix', 'is not a prefix such as driftbox/eu'),
  refused('a region with a space', outside({ region: 'eu 1' }), 'spec.external.region', 'is not a region such as eu-central-1'),
  refused(
    'a storage class in small letters',
    outside({ storageClass: 'standard' }),
    'spec.external.storageClass',
    'is not a storage class such as STANDARD',
  ),
  taken('a MinIO of one node', own({})),
  taken('a MinIO of four nodes', own({ nodes: 4, drivesPerNode: 1, parity: 2, volumeClass: 'fast' })),
  refused('a MinIO of two nodes', own({ nodes: 2 }), 'spec.bundled.nodes', 'nodes is 1, or at least 4'),
  refused('a MinIO of seventeen nodes', own({ nodes: 17 }), 'spec.bundled.nodes', 'should be less than or equal to 16'),
  refused(
    'more parity than half',
    own({ nodes: 1, drivesPerNode: 2, parity: 2 }),
    'spec.bundled.parity',
    'parity is at most half of all drives',
  ),
  refused('drives without size', own({ driveSize: undefined }), 'spec.bundled.driveSize', 'Required value'),
  refused('both kinds', { bundled }, 'spec', 'set exactly one of external, bundled'),
  refused('neither kind', { external: undefined }, 'spec', 'set exactly one of external, bundled'),
  taken('a mirror', { mirror: 'other' }),
  taken('a mirror of a MinIO', { ...own({}), mirror: 'other' }),
  refused('a mirror that is none', { mirror: 'Other/pool' }, 'spec.mirror', "is not an object's name"),
  refused('itself as mirror', { mirror: 'row' }, '', 'spec.mirror is another pool'),
  taken('twice as much promised', { capacity: '1Ti', overcommitPercent: 200 }),
  refused('less than all promised', { overcommitPercent: 50 }, 'spec.overcommitPercent', 'should be greater than or equal to 100'),
  refused('a capacity in words', { capacity: 'plenty' }, 'spec.capacity', 'is not a size such as 500Gi'),
  refused(
    'another policy',
    { deletionPolicy: 'Orphan' },
    'spec.deletionPolicy',
    'Unsupported value: "Orphan": supported values: "Retain", "Delete"',
  ),
  changed('another endpoint, new credentials', {}, outside({ endpoint: 'https://s4.example.com', credentialsSecret: 's4' })),
  unchangeable('another bucket', {}, outside({ bucket: 'other' }), 'spec.external.bucket', `bucket ${stays}`),
  unchangeable('another prefix', outside({ prefix: 'a' }), outside({ prefix: 'b' }), 'spec.external.prefix', `prefix ${stays}`),
  unchangeable('the prefix taken away', outside({ prefix: 'a' }), {}, 'spec.external.prefix', `prefix ${stays}`),
  unchangeable('a prefix set later', {}, outside({ prefix: 'a' }), 'spec.external.prefix', `prefix ${stays}`),
  unchangeable('another region', {}, outside({ region: 'eu-1' }), 'spec.external.region', `region ${stays}`),
  unchangeable('a MinIO in place of a server', {}, own({}), 'spec', 'stays one of external, bundled, the one it is'),
  changed('larger drives', own({}), own({ driveSize: '200Gi' })),
  changed('the same size in other words', own({ driveSize: '1Ti' }), own({ driveSize: '1024Gi' })),
  unchangeable('smaller drives', own({}), own({ driveSize: '50Gi' }), 'spec.bundled.driveSize', 'only grows'),
  unchangeable('more nodes', own({ nodes: 4 }), own({ nodes: 8 }), 'spec.bundled.nodes', `nodes ${laidOut}`),
  unchangeable('more drives', own({}), own({ drivesPerNode: 8 }), 'spec.bundled.drivesPerNode', `drivesPerNode ${laidOut}`),
  unchangeable('less parity', own({}), own({ parity: 1 }), 'spec.bundled.parity', `parity ${laidOut}`),
  unchangeable('another class of volumes', own({}), own({ volumeClass: 'slow' }), 'spec.bundled.volumeClass', `volumeClass ${laidOut}`),
  changed('a mirror set later', {}, { mirror: 'other' }),
  changed('another mirror', { mirror: 'other' }, { mirror: 'third' }),
  changed('no mirror any longer', { mirror: 'other' }, {}),
  changed('less capacity', { capacity: '2Ti' }, { capacity: '1Ti' }),
];
