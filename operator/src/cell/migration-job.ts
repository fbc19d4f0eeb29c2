import type { KubeObject } from '../runtime/index.ts';
import { digestOf } from '../owned-namespace.ts';
import { backendAddresses, eventReplicas, isKnown, kafkaPorts, portsOf } from './backend-addresses.ts';
import type { CellInput } from './cell-input.ts';
import { trustedBy } from './cell-secrets.ts';
import { cellNames, postgresCertificatePath, secretNames } from './names.ts';
import { knowsTwoPasswords } from './rotation.ts';
import { sharedNames } from './shared-names.ts';

/** Label of what a migration is made of, and of its pods. */
export const migrationLabels = { 'app.kubernetes.io/part-of': 'driftbox', 'app.kubernetes.io/component': 'migrate' };

/** Setting of the migration program, and key of the Secret that holds it. */
const databaseSettings = [
  ['DRIFTBOX_AUTH_DATABASE_URL', 'auth'],
  ['DRIFTBOX_AUTH_RELAY_DATABASE_URL', 'auth-relay'],
  ['DRIFTBOX_METADATA_DATABASE_URL', 'metadata'],
  ['DRIFTBOX_METADATA_RELAY_DATABASE_URL', 'metadata-relay'],
  ['DRIFTBOX_UPLOAD_DATABASE_URL', 'upload'],
  ['DRIFTBOX_SYNC_DATABASE_URL', 'sync'],
  ['DRIFTBOX_SHARE_DATABASE_URL', 'share'],
  ['DRIFTBOX_SHARE_RELAY_DATABASE_URL', 'share-relay'],
  ['DRIFTBOX_NOTIFICATION_DATABASE_URL', 'notification'],
  ['DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL', 'notification-relay'],
] as const;

/** Settings that name the authority of a back end. */
const authoritySettings = { postgres: 'DRIFTBOX_DATABASE_AUTHORITY_FILE', kafka: 'DRIFTBOX_KAFKA_AUTHORITY_FILE' } as const;

/** While the password of the administrator of the PostgreSQL that comes along is replaced. */
const otherAdminPassword = {
  name: 'DRIFTBOX_OTHER_DATABASE_ADMIN_PASSWORD',
  valueFrom: { secretKeyRef: { name: secretNames.postgres, key: 'other-password', optional: true } },
};

/**
 * The Job that brings a cell's back ends to where its version needs them. A Job cannot be changed, so its name says what it is made of:
 * whatever changes makes another one.
 */
export function migrationJob(input: CellInput): KubeObject {
  const { name, version } = input;
  const spec = jobSpec(input);
  const digest = digestOf({ spec, passwords: databaseSettings.map(([, key]) => input.master[`database-${key}`]) }).slice(0, 10);
  const called = `migrate-${version.version.replaceAll(/[^a-z0-9-]/g, '-')}-${digest}`.toLowerCase().slice(0, 63);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: called, namespace: cellNames(name).namespace, labels: migrationLabels },
    spec,
  } as KubeObject;
}

/** What the Job's pods may reach: names, PostgreSQL and Kafka. */
export function migrationPolicy({ name, spec, inner }: Pick<CellInput, 'name' | 'spec' | 'inner'>): KubeObject {
  const { namespace } = cellNames(name);
  const dns = [53, 5353].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port })));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'driftbox-migrate', namespace, labels: migrationLabels },
    spec: {
      podSelector: { matchLabels: migrationLabels },
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }], ports: dns },
        {
          ports: [
            { protocol: 'TCP', port: portsOf({ spec, inner }).postgres },
            ...kafkaPorts({ spec, inner }).map((port) => ({ protocol: 'TCP', port })),
          ],
        },
      ],
    },
  } as KubeObject;
}

type MountedSecret = { readonly name: string; readonly mountPath: string; readonly secretName: string; readonly items?: readonly object[] };

function jobSpec(input: CellInput): object {
  const { spec, version, images } = input;
  const trusts = trustedBy(input) !== '';
  const byTls = (['postgres', 'kafka'] as const).filter((part) => isKnown(part, input));
  const files: readonly MountedSecret[] = [
    // The keys of others are in it as well.
    ...(byTls.length > 0
      ? [
          {
            name: 'inner-tls',
            mountPath: '/etc/driftbox/inner-tls',
            secretName: secretNames.innerTls,
            items: [{ key: 'ca.crt', path: 'ca.crt' }],
          },
        ]
      : []),
    ...(trusts ? [{ name: 'authorities', mountPath: '/etc/driftbox/authorities', secretName: secretNames.authorities }] : []),
    ...(input.copied?.postgresCertificate === undefined
      ? []
      : [{ name: 'postgres-certificate', mountPath: postgresCertificatePath, secretName: secretNames.postgresCertificate }]),
  ];
  const { registry, pullSecrets } = images;
  const secret = (setting: string, from: string, key: string) => ({ name: setting, valueFrom: { secretKeyRef: { name: from, key } } });
  return {
    // Each run goes on where the one before was cut off.
    backoffLimit: 8,
    activeDeadlineSeconds: 3_600,
    template: {
      metadata: { labels: migrationLabels },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        imagePullSecrets: pullSecrets.map((one) => ({ name: one })),
        securityContext: { runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'migrate',
            image: `${registry === '' ? '' : `${registry}/`}driftbox/services@${version.images['services'] ?? ''}`,
            args: ['services/migrate/src/main.ts'],
            env: [
              secret('DRIFTBOX_DATABASE_ADMIN_URL', secretNames.postgres, 'admin-url'),
              ...(input.copied?.postgres === undefined && knowsTwoPasswords(version.version) ? [otherAdminPassword] : []),
              ...databaseSettings.map(([setting, key]) => secret(setting, secretNames.databases, key)),
              { name: 'DRIFTBOX_KAFKA_BROKERS', value: backendAddresses(input).kafka.join(',') },
              { name: 'DRIFTBOX_KAFKA_REPLICAS', value: String(eventReplicas(spec)) },
              ...kafkaSettings(input, secret),
              ...byTls.map((part) => ({ name: authoritySettings[part], value: '/etc/driftbox/inner-tls/ca.crt' })),
              ...(trusts ? [{ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/driftbox/authorities/ca.crt' }] : []),
            ],
            resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '1', memory: '384Mi' } },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
            volumeMounts: [
              { name: 'tmp', mountPath: '/tmp' },
              ...files.map(({ name: of, mountPath }) => ({ name: of, mountPath, readOnly: true })),
            ],
          },
        ],
        volumes: [
          { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
          ...files.map(({ name: of, mountPath: _, ...secret }) => ({ name: of, secret })),
        ],
      },
    },
  };
}

/** How it reaches Kafka. */
function kafkaSettings(
  { spec, master, inner, copied }: CellInput,
  secret: (setting: string, from: string, key: string) => object,
): readonly object[] {
  const { external, delegated } = spec.kafka;
  if (external === undefined)
    return delegated !== undefined || isKnown('kafka', { spec, inner }) ? [{ name: 'DRIFTBOX_KAFKA_TLS', value: 'true' }] : [];
  return [
    { name: 'DRIFTBOX_KAFKA_PREFIX', value: sharedNames(master).kafkaPrefix },
    { name: 'DRIFTBOX_KAFKA_TLS', value: String(external.tls) },
    { name: 'DRIFTBOX_KAFKA_MECHANISM', value: external.mechanism },
    ...(copied?.kafka === undefined
      ? []
      : [
          secret('DRIFTBOX_KAFKA_USERNAME', secretNames.kafka, 'username'),
          secret('DRIFTBOX_KAFKA_PASSWORD', secretNames.kafka, 'password'),
        ]),
  ];
}
