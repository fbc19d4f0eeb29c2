import { cellNamespace } from '@driftbox/resources';
import type { ObjectPlace } from '../runtime/index.ts';

/** Services of a cell whose internal port the operator speaks to, as `driftbox-cell/files/services.yaml` lists them. */
export type CellService = 'auth' | 'metadata' | 'upload' | 'sync' | 'share' | 'notification';

/** Says of which cell a namespace is; an admission policy lets the operator touch no others. */
export const cellLabel = 'driftbox.io/cell';

/** The same for a pool. */
export const poolLabel = 'driftbox.io/pool';

/** The Secrets of a cell's namespace by what they hold: the names that its charts expect (`secrets.*` of their values). */
export const secretNames = {
  /** `service-key`, `signing-key-secret`, `content-url-secret`, `other-service-key` while the first is replaced. */
  cell: 'driftbox-cell',
  /** A PostgreSQL URL for each role, and `other-ROLE`, another password, while they are replaced. */
  databases: 'driftbox-databases',
  /** `url`. */
  redis: 'driftbox-redis',
  /** `access-key`, `secret-key`; for a mirror `mirror-access-key`, `mirror-secret-key`. */
  s3: 'driftbox-s3',
  /** `keys.json`: key-encryption keys; or `token` for who holds them. */
  keys: 'driftbox-keys',
  /** `tls.crt`, `tls.key` for the cell's domain. */
  tls: 'driftbox-tls',
  /** `ca.crt`, and `PART.crt`, `PART.key` of each part: by what they know one another. */
  innerTls: 'driftbox-inner-tls',
  /**
   * `password`, `other-password` while that is replaced, `replication-password` for standbys that know no certificates: of the
   * PostgreSQL that comes along; `admin-url`.
   */
  postgres: 'driftbox-postgres',
  /** `username` and `password` of the administrator, where CloudNativePG runs PostgreSQL. */
  postgresLogin: 'driftbox-postgres-login',
  /** `username`, `password` for a Kafka of others. */
  kafka: 'driftbox-kafka',
  /** `ca.crt`: the authorities that pods trust besides those that everybody does. */
  authorities: 'driftbox-authorities',
  /** `tls.crt`, `tls.key` for a PostgreSQL of others that asks for them, and the same for Redis. */
  postgresCertificate: 'driftbox-postgres-certificate',
  redisCertificate: 'driftbox-redis-certificate',
  /** `password` of the Redis that comes along, `other-password` while it is replaced. */
  redisPassword: 'driftbox-redis-password',
  /** `headers` for the collector of traces. */
  tracing: 'driftbox-tracing',
  /** `email` and `password` of the probe's user. */
  probe: 'driftbox-probe',
  /** `root-user`, `root-password` of a pool's MinIO. */
  minio: 'driftbox-minio',
} as const;

/** Where pods have the certificate that they show to PostgreSQL, as the chart mounts it. */
export const postgresCertificatePath = '/etc/driftbox/postgres-certificate';

/** Names of everything that is made for a Cell. They follow from its name alone, so whatever is found is found again. */
export type CellNames = {
  readonly namespace: string;
  /** Helm releases, in `namespace`. */
  readonly backendsRelease: string;
  readonly cellRelease: string;
  /** The Secret with everything that was made once for the cell, in the operator's namespace; its keys are in `masterKeys`. */
  readonly master: string;
  /** The Secret with `keys.json` that the operator made, in its own namespace. */
  readonly keysMaster: string;
  /** The Secret with the cell's own authority and what it certified, in the operator's namespace. */
  readonly tlsMaster: string;
  /** The Secret with the authority and certificates of its parts for one another, there as well, by a name that is no other cell's. */
  readonly inner: string;
};

/** What the master Secret of a cell holds; all values are text. */
export const masterKeys = {
  /** What names in shared back ends contain; a UUID. */
  cellId: 'cell-id',
  /** The key by which services, and the operator as administrator, call one another: `DRIFTBOX_SERVICE_KEY`. */
  serviceKey: 'service-key',
  /** How old all of it is, and how far its rotation: JSON (`rotation.ts`). */
  rotation: 'rotation',
} as const;

/** Roles of a cell's database; each logs in with a password of its own. */
export const databaseRoles = [
  'auth',
  'auth-relay',
  'metadata',
  'metadata-relay',
  'upload',
  'sync',
  'share',
  'share-relay',
  'notification',
  'notification-relay',
];

/** Where the next or the previous value is while one is replaced; in Secrets of the cell's namespace likewise. */
export function otherKey(key: string): string {
  return `other-${key}`;
}

/** The names of a cell; `cell` is a valid name of the kind, at most 40 long. */
export function cellNames(cell: string): CellNames {
  return {
    namespace: cellNamespace(cell),
    backendsRelease: `${cell}-backends`,
    cellRelease: cell,
    master: `cell-${cell}`,
    keysMaster: `cell-${cell}-keys`,
    tlsMaster: `cell-${cell}-tls`,
    inner: `inner-${cell}`,
  };
}

/** Where a service of a cell answers the operator, by TLS or without: its internal port, which the gateway does not lead to. */
export function adminUrl(cell: string, service: CellService, byTls: boolean): string {
  const { namespace, cellRelease } = cellNames(cell);
  return `${byTls ? 'https' : 'http'}://${cellRelease}-${service}.${namespace}.svc:${byTls ? 9443 : 9090}`;
}

/** Where people's requests reach a cell from inside the cluster, whatever leads to it from outside. */
export function gatewayAddress(cell: string, scheme: 'http' | 'https'): string {
  const { namespace, cellRelease } = cellNames(cell);
  return `${scheme}://${cellRelease}-gateway.${namespace}.svc:${scheme === 'http' ? 80 : 443}`;
}

/** The master Secret of a cell, whose `service-key` is what the cell's admin API takes. */
export function masterPlace(operatorNamespace: string, cell: string): ObjectPlace {
  return { namespace: operatorNamespace, name: cellNames(cell).master };
}

/** Names of everything that is made for a pool of our own. */
export type PoolNames = {
  readonly namespace: string;
  readonly release: string;
  /** The Secret with what was made once for the pool, in the operator's namespace. */
  readonly master: string;
  /** The Secret with the authority of its MinIO and what it has certified, there as well, by a name that is no other pool's. */
  readonly certificate: string;
};

/** The names of a pool. */
export function poolNames(pool: string): PoolNames {
  return { namespace: `driftbox-pool-${pool}`, release: `pool-${pool}`, master: `pool-${pool}`, certificate: `tls-pool-${pool}` };
}
