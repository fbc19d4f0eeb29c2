import type { BackendsValues, CellValues } from '@driftbox/charts';
import type { Release } from '../helm/index.ts';
import { digestOf } from '../owned-namespace.ts';
import { copiesByServices } from '../version-abilities.ts';
import type { VolumeSizes } from '../workload.ts';
import { backendAddresses, isKnown, kafkaPorts, portsOf } from './backend-addresses.ts';
import type { CellInput } from './cell-input.ts';
import { cellSecrets, trustedBy } from './cell-secrets.ts';
import { kafkaCluster } from './delegated-kafka.ts';
import { postgresCluster } from './delegated-postgres.ts';
import { cellNames, poolLabel, secretNames } from './names.ts';
import { knowsTwoPasswords } from './rotation.ts';
import { sharedNames } from './shared-names.ts';

/** How large the volumes of a cell's own back ends are to be. */
export function volumeSizes(cell: string, { postgres, kafka }: Pick<CellInput['spec'], 'postgres' | 'kafka'>): VolumeSizes {
  const { backendsRelease: release } = cellNames(cell);
  return { [`${release}-postgres`]: postgres.bundled?.size, [`${release}-kafka`]: kafka.bundled?.size };
}

type Partly<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;

/** The release of a cell's own PostgreSQL, Kafka and Redis. Packs go to a pool, so there is no MinIO in it. */
export function backendsRelease(input: CellInput): Release {
  const { name, spec, version, operatorNamespace } = input;
  const { namespace, backendsRelease: release } = cellNames(name);
  const digest = (image: string): { readonly digest?: string } => present({ digest: version.images[image] });
  const copier = copiesByServices(version.version) ? { services: digest('services') } : {};
  const { bundled: own, delegated } = spec.postgres;
  const stored = own ?? delegated;
  const log = spec.kafka.bundled ?? spec.kafka.delegated;
  const values: Partly<BackendsValues> = {
    ...fromRegistry(input),
    images: { ...copier, postgres: digest('postgres'), kafka: digest('kafka'), redis: digest('redis') },
    profile: spec.profile,
    sizes: present({
      postgres: present({ storage: stored?.size, storageClass: stored?.volumeClass }),
      kafka: present({ storage: log?.size, storageClass: log?.volumeClass }),
      redis: redisSize(spec.redis.bundled?.memoryMiB),
    }),
    postgres: { enabled: stored !== undefined, ...(delegated === undefined ? {} : { delegated: true }) },
    kafka: {
      enabled: log !== undefined,
      ...(spec.kafka.delegated === undefined ? {} : { delegated: true }),
      ...(input.inner === undefined ? {} : { certificate: digestOf(input.inner.leaves.kafka.certificate) }),
    },
    redis: { enabled: spec.redis.bundled !== undefined },
    minio: { enabled: false },
    ...(input.inner === undefined ? {} : { secrets: { innerTls: secretNames.innerTls } }),
    networkPolicy: {
      clients: [{ podSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'driftbox' } } }],
      ...(knowsTwoPasswords(version.version) ? { operator: allOf(operatorNamespace) } : {}),
    },
  };
  const { folder: chart, digest: chartDigest } = version.charts['driftbox-backends'];
  return { name: release, namespace, chart, chartDigest, values };
}

/** The release of a cell's services and gateway. */
export function cellRelease(input: CellInput): Release {
  const { name, spec, version, master, pool, mirror, tls, operatorNamespace } = input;
  const { namespace, cellRelease: release } = cellNames(name);
  const domain = spec.domain ?? '';
  const values: Partly<CellValues> = {
    ...fromRegistry(input),
    images: { services: present({ digest: version.images['services'] }), nginx: present({ digest: version.images['nginx'] }) },
    profile: spec.profile,
    sizes: sizesOf(spec),
    ...(spec.autoscaling === undefined ? {} : { autoscaling: { enabled: true, cpuPercent: Math.min(95, spec.autoscaling.cpuPercent) } }),
    publicUrl: `${tls === undefined ? 'http' : 'https'}://${domain}`,
    secrets: {
      ...(trustedBy(input) === '' ? {} : { authorities: secretNames.authorities }),
      ...(input.inner === undefined ? {} : { innerTls: secretNames.innerTls }),
      ...(input.copied?.kafka === undefined ? {} : { kafka: secretNames.kafka }),
      ...(input.copied?.postgresCertificate === undefined ? {} : { postgresCertificate: secretNames.postgresCertificate }),
      ...(input.copied?.redisCertificate === undefined ? {} : { redisCertificate: secretNames.redisCertificate }),
      revision: secretsRevision(input),
    },
    ...transitOf(spec),
    kafka: kafkaOf(input),
    postgres: {
      port: portsOf(input).postgres,
      recoverWithinHours: spec.postgres.recoverWithinHours,
      ...peersOf(spec.postgres),
      ...(isKnown('postgres', input) ? { innerTls: true } : {}),
    },
    redis: {
      port: portsOf(input).redis,
      prefix: sharedNames(master).redisPrefix,
      ...anywhere(spec.redis),
      ...(isKnown('redis', input) ? { innerTls: true } : {}),
    },
    s3: bucketOf(pool, master),
    ...(mirror === undefined ? {} : { mirror: bucketOf(mirror, master) }),
    gateway: { hosts: [domain, `*.${domain}`], ...(tls === undefined ? {} : { tlsSecret: secretNames.tls }) },
    ...observedBy(spec),
    exposure: { service: { type: spec.expose.service?.type ?? 'ClusterIP' } },
    networkPolicy: {
      operator: allOf(operatorNamespace),
      ...(spec.monitoring === undefined ? {} : { monitoring: allOf(spec.monitoring.namespace) }),
    },
  };
  const { folder: chart, digest: chartDigest } = version.charts['driftbox-cell'];
  return { name: release, namespace, chart, chartDigest, values };
}

/** Which Secrets pods are started with: another digest of them starts pods anew. */
export function secretsRevision(input: CellInput): string {
  return digestOf(readAtStart(input));
}

/**
 * The Secrets that pods read when they start: not a token, which is read for each call, nor the certificate, for each handshake; and of
 * those of parts for one another the authority alone.
 */
function readAtStart(input: CellInput) {
  const { keys, inner } = input;
  const secrets = cellSecrets({ ...input, inner: undefined, ...('token' in keys ? { keys: { ...keys, token: '' } } : {}) });
  const read = secrets.filter(({ metadata }) => metadata.name !== secretNames.tls);
  return inner === undefined ? read : [...read, inner.authority];
}

/** Where packs of a cell lie in a pool. */
function bucketOf({ pool, endpoint, bucket, prefix, region, isBundled }: CellInput['pool'], master: CellInput['master']): CellValues['s3'] {
  return {
    endpoint,
    bucket,
    prefix: `${prefix}${sharedNames(master).prefix}`,
    region,
    peers: isBundled ? [{ namespaceSelector: { matchLabels: { [poolLabel]: pool } } }] : [],
  };
}

/** How services reach Kafka. Topics of the one that comes along, or that Strimzi runs for it, are this cell's alone and need no prefix. */
function kafkaOf(input: CellInput): Partly<CellValues['kafka']> & Pick<CellValues['kafka'], 'brokers'> {
  const { spec, master } = input;
  const { external, delegated } = spec.kafka;
  const [brokers, ports] = [[...backendAddresses(input).kafka], [...kafkaPorts(input)]];
  const peers = [{ podSelector: { matchLabels: { 'strimzi.io/cluster': kafkaCluster } } }];
  if (delegated !== undefined) return { brokers, tls: true, ports, peers };
  if (external === undefined) return { brokers, ...(isKnown('kafka', input) ? { tls: true, innerTls: true, ports } : {}) };
  const { tls, mechanism } = external;
  return { brokers, prefix: sharedNames(master).kafkaPrefix, tls, mechanism, ports, peers: [] };
}

/** Who holds the key-encryption keys, where that is somebody else. */
function transitOf({ keyManager: { transit } }: CellInput['spec']): Partly<Pick<CellValues, 'transit'>> {
  if (transit === undefined) return {};
  const { url, mount, key, namespace = '' } = transit;
  return { transit: { url, mount, key, namespace, peers: [] } };
}

/** Every pod of a namespace, for network policies. */
function allOf(namespace: string) {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
}

/** Where network policies let services reach PostgreSQL, where that is not the pods of the chart. */
function peersOf(postgres: CellInput['spec']['postgres']): Partly<Pick<CellValues['postgres'], 'peers'>> {
  if (postgres.delegated === undefined) return anywhere(postgres);
  return { peers: [{ podSelector: { matchLabels: { 'cnpg.io/cluster': postgresCluster } } }] };
}

/** A back end of others may be outside of the cluster, where network policies know no pods. */
function anywhere({ external }: { readonly external?: object | undefined }): { readonly peers?: [] } {
  return external === undefined ? {} : { peers: [] };
}

/** Who is told how the cell does: a collector of traces, a Prometheus, and a user who is none. */
function observedBy({ tracing, monitoring, probe }: CellInput['spec']): Partly<Pick<CellValues, 'tracing' | 'monitoring' | 'probe'>> {
  const { endpoint, sharePercent, headersSecret } = tracing ?? {};
  return {
    ...(endpoint === undefined
      ? {}
      : {
          tracing: {
            endpoint,
            share: String((sharePercent ?? 0) / 100),
            ...(headersSecret === undefined ? {} : { headersSecret: secretNames.tracing }),
          },
        }),
    ...(monitoring === undefined
      ? {}
      : { monitoring: { serviceMonitors: true, interval: `${monitoring.everySeconds}s`, labels: monitoring.labels ?? {} } }),
    ...(probe === undefined
      ? {}
      : { probe: { enabled: true, tenantHost: probe.tenantHost, secret: secretNames.probe, every: `${probe.everySeconds}s` } }),
  };
}

function sizesOf({ replicas = {}, autoscaling }: CellInput['spec']): NonNullable<Partly<CellValues>['sizes']> {
  const parts = ['auth', 'metadata', 'sync', 'upload', 'share', 'notification', 'gateway'] as const;
  const most = present({ most: autoscaling?.maxReplicas });
  return Object.fromEntries(parts.map((part) => [part, { ...present({ replicas: replicas[part] }), ...most }]));
}

function fromRegistry({ images: { registry, pullSecrets } }: CellInput): Pick<BackendsValues, 'imageRegistry' | 'imagePullSecrets'> {
  return { imageRegistry: registry, imagePullSecrets: [...pullSecrets] };
}

/** Redis itself takes some memory beside its keys. */
function redisSize(memoryMiB = 128): { readonly maxMemory: string; readonly memoryLimit: string } {
  return { maxMemory: `${memoryMiB}mb`, memoryLimit: `${Math.ceil(memoryMiB * 1.25) + 64}Mi` };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
