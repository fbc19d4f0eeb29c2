import type { BackendsValues, CellValues, OperatorValues } from '@driftbox/charts';
import type { ChartName } from './render-chart.ts';

type Partly<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;

/** Values as somebody might give them, and the Secrets that must be there for them. */
export type Sample = {
  readonly name: string;
  readonly chart: ChartName;
  readonly values: Partly<BackendsValues> | Partly<CellValues> | Partly<OperatorValues>;
  readonly secrets: readonly string[];
};

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

const cell = {
  images: { services: { digest: digest('a') }, nginx: { digest: digest('b') } },
  publicUrl: 'https://files.example.com',
  kafka: { brokers: ['backends-kafka:9092'] },
  s3: { endpoint: 'http://backends-minio-s3:9000', bucket: 'driftbox-packs' },
  gateway: { hosts: ['files.example.com', '*.files.example.com'] },
} satisfies Partly<CellValues>;
const cellSecrets = ['driftbox-cell', 'driftbox-databases', 'driftbox-redis', 'driftbox-s3', 'driftbox-keys'];

const elsewhere = [{ ipBlock: { cidr: '10.20.0.0/16' } }];
const cellSamples: readonly Omit<Sample, 'chart'>[] = [
  { name: 'tiny', values: { ...cell, profile: 'tiny' }, secrets: cellSecrets },
  { name: 'small', values: cell, secrets: cellSecrets },
  { name: 'large, scaling', values: { ...cell, profile: 'large', autoscaling: { enabled: true } }, secrets: cellSecrets },
  {
    name: 'tiny, scaling, with figures, traces and a probe',
    values: {
      ...cell,
      profile: 'tiny',
      autoscaling: { enabled: true },
      monitoring: { serviceMonitors: true, labels: { release: 'prometheus' } },
      tracing: { endpoint: 'http://collector.tracing:4318', headersSecret: 'collector' },
      probe: { enabled: true, tenantHost: 'probe.example.com' },
      secrets: { authorities: 'authorities', innerTls: 'inner' },
      postgres: { innerTls: true },
      kafka: { ...cell.kafka, tls: true, innerTls: true },
      redis: { innerTls: true },
    },
    secrets: [...cellSecrets, 'collector', 'driftbox-probe', 'authorities', 'inner'],
  },
  {
    name: 'external back ends, mail, a private registry',
    values: {
      ...cell,
      imageRegistry: 'registry.example.com:5000/mirror',
      imagePullSecrets: ['registry'],
      secrets: {
        smtp: 'mail',
        databases: 'own-databases',
        kafka: 'kafka',
        authorities: 'authorities',
        postgresCertificate: 'pg',
        redisCertificate: 'shown',
      },
      postgres: { peers: elsewhere, port: 6432, recoverWithinHours: 72 },
      kafka: {
        brokers: ['kafka-1.example.com:9093', 'kafka-2.example.com:9093'],
        prefix: 'eu.',
        tls: true,
        mechanism: 'PLAIN',
        ports: [9093],
        peers: elsewhere,
      },
      redis: { peers: [] },
      s3: { endpoint: 'https://s3.example.com', bucket: 'packs', region: 'eu-central-1', peers: [] },
    },
    secrets: [...cellSecrets, 'own-databases', 'mail', 'kafka', 'authorities', 'pg', 'shown', 'registry'],
  },
  {
    name: 'keys in OpenBao',
    values: {
      ...cell,
      secrets: { authorities: 'driftbox-authorities' },
      transit: {
        url: 'https://bao.example.com:8200',
        mount: 'team/transit',
        key: 'eu',
        namespace: 'team',
        peers: elsewhere,
      },
    },
    secrets: [...cellSecrets, 'driftbox-authorities'],
  },
  {
    name: 'a mirror of the pool',
    values: {
      ...cell,
      mirror: { endpoint: 'https://s3.example.com:9443', bucket: 'second', prefix: 'eu/packs/', region: 'eu-central-1', peers: elsewhere },
    },
    secrets: cellSecrets,
  },
  {
    name: 'TLS at NGINX, a load balancer, few clients',
    values: {
      ...cell,
      gateway: { ...cell.gateway, tlsSecret: 'files-tls' },
      secrets: { innerTls: 'inner' },
      exposure: { service: { type: 'LoadBalancer', annotations: { 'example.com/kind': 'inner' } } },
      networkPolicy: { clients: elsewhere },
    },
    secrets: [...cellSecrets, 'files-tls', 'inner'],
  },
  {
    name: 'an ingress',
    values: {
      ...cell,
      gateway: { ...cell.gateway, trustedProxies: ['10.1.0.0/16'] },
      exposure: { kind: 'ingress', ingress: { className: 'nginx', tlsSecret: 'files-tls' } },
    },
    secrets: cellSecrets,
  },
  {
    name: 'a route of a Gateway, without policies, on chosen nodes',
    values: {
      ...cell,
      exposure: { kind: 'httpRoute', httpRoute: { parents: [{ name: 'public', namespace: 'gateways' }] } },
      networkPolicy: { enabled: false },
      nodeSelector: { disk: 'fast' },
      tolerations: [{ key: 'files', operator: 'Exists' }],
      priorityClassName: 'important',
      sizes: { upload: { replicas: 5, memory: '2Gi', memoryLimit: '3Gi' } },
      secrets: { revision: '7' },
    },
    secrets: cellSecrets,
  },
];

const backends = {
  images: {
    services: { digest: digest('a') },
    postgres: { digest: digest('c') },
    kafka: { digest: digest('d') },
    minio: { digest: digest('e') },
    redis: { digest: digest('f') },
  },
} satisfies Partly<BackendsValues>;
const backendSecrets = ['driftbox-postgres', 'driftbox-minio', 'driftbox-redis-password'];
const delegatedSecrets = [...backendSecrets, 'driftbox-postgres-login'];

const backendSamples: readonly Omit<Sample, 'chart'>[] = [
  { name: 'tiny', values: { ...backends, profile: 'tiny' }, secrets: backendSecrets },
  { name: 'small', values: backends, secrets: backendSecrets },
  {
    name: 'large, a private registry',
    values: { ...backends, profile: 'large', imageRegistry: 'registry.example.com', imagePullSecrets: ['registry'], storageClass: 'fast' },
    secrets: [...backendSecrets, 'registry'],
  },
  {
    name: 'MinIO alone, as a pool',
    values: {
      images: { minio: { digest: digest('e') } },
      postgres: { enabled: false },
      kafka: { enabled: false },
      redis: { enabled: false },
      sizes: { minio: { storage: '2Ti' } },
    },
    secrets: backendSecrets,
  },
  {
    name: 'MinIO alone, by TLS',
    values: {
      images: { minio: { digest: digest('e') } },
      postgres: { enabled: false },
      kafka: { enabled: false },
      redis: { enabled: false },
      minio: { tls: true },
      secrets: { innerTls: 'inner', revision: 'of the authority' },
    },
    secrets: ['driftbox-minio', 'inner'],
  },
  {
    name: 'of other operators',
    values: { ...backends, postgres: { delegated: true }, kafka: { delegated: true } },
    secrets: delegatedSecrets,
  },
  {
    name: 'of other operators, tiny, a private registry, on chosen nodes',
    values: {
      ...backends,
      profile: 'tiny',
      imageRegistry: 'registry.example.com',
      imagePullSecrets: ['registry'],
      postgres: { delegated: true },
      kafka: { delegated: true },
      sizes: { postgres: { storage: '50Gi', storageClass: 'fast' } },
      nodeSelector: { disk: 'fast' },
      tolerations: [{ key: 'files', operator: 'Exists' }],
      priorityClassName: 'important',
    },
    secrets: [...delegatedSecrets, 'registry'],
  },
  {
    name: 'TLS inside',
    values: { ...backends, secrets: { innerTls: 'inner' } },
    secrets: [...backendSecrets, 'inner'],
  },
  { name: 'without policies', values: { ...backends, networkPolicy: { enabled: false } }, secrets: backendSecrets },
];

const operator = { images: { operator: { digest: digest('a') } } } satisfies Partly<OperatorValues>;
const operatorSamples: readonly Omit<Sample, 'chart'>[] = [
  { name: 'plain', values: operator, secrets: [] },
  {
    name: 'a private registry, figures, one replica',
    values: {
      ...operator,
      imageRegistry: 'registry.example.com',
      imagePullSecrets: ['registry'],
      monitoring: { serviceMonitors: true },
      tracing: { endpoint: 'https://traces.example.com', share: '1' },
      sizes: { operator: { replicas: 1 } },
      roles: { aggregate: false },
      crds: { install: false },
    },
    secrets: ['registry'],
  },
];

/** Values of every kind that charts are rendered with. */
export const samples: readonly Sample[] = [
  ...cellSamples.map((sample) => ({ ...sample, chart: 'driftbox-cell' as const })),
  ...backendSamples.map((sample) => ({ ...sample, chart: 'driftbox-backends' as const })),
  ...operatorSamples.map((sample) => ({ ...sample, chart: 'driftbox-operator' as const })),
];

/** The sample of that chart and name. Throws when there is none. */
export function sampleOf(chart: ChartName, name: string): Sample {
  const found = samples.find((sample) => sample.chart === chart && sample.name === name);
  if (found === undefined) throw new Error(`there is no sample ${name} of ${chart}`);
  return found;
}
