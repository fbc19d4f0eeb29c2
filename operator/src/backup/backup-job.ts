import type { CatalogueVersion } from '../catalogue.ts';
import type { ImageSource } from '../cell/cell-input.ts';
import { adminUrl, cellNames, masterKeys, type CellService } from '../cell/names.ts';
import type { KubeObject } from '../runtime/index.ts';
import { speaksTls } from '../version-abilities.ts';
import type { BackupBucket } from './see-destination.ts';

/** Label of Jobs and their pods: the chart's network policy selects them by it. */
const component = { 'app.kubernetes.io/part-of': 'driftbox', 'app.kubernetes.io/component': 'backup' };
/** Says for which object a Job works, by its uid, and what it does. */
export const forLabel = 'driftbox.io/works-for';
export const taskLabel = 'driftbox.io/task';
const ownerAnnotation = 'driftbox.io/works-for-name';

const services: readonly CellService[] = ['auth', 'metadata', 'upload', 'share', 'notification'];

/** Of a Secret of which a pod is to see no keys. */
const authorityAlone = { defaultMode: 0o440, items: [{ key: 'ca.crt', path: 'ca.crt' }] };

/** All that a Job is made from. */
export type BackupJobInput = {
  readonly namespace: string;
  readonly owner: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly task: 'create' | 'remove' | 'restore';
  /** Whose backups they are. */
  readonly tenantId: string;
  readonly point: string;
  readonly bucket: BackupBucket;
  readonly keySecret: string;
  /** The cell that is asked; absent where none is. */
  readonly cell?: string | undefined;
  readonly into?: { readonly tenantId: string; readonly replace: boolean } | undefined;
  readonly version: CatalogueVersion;
  readonly images: ImageSource;
};

/**
 * One Job at a time works with the backups of a tenant: its name is the lock, which the API server gives to one alone. A backup that
 * ran beside a removal could lose what it found there.
 */
export function backupJobName(tenantId: string): string {
  return `backup-${tenantId}`;
}

/**
 * The Job that makes, removes or restores a backup. It runs beside the operator, not in the cell: so the keys of backups and buckets
 * never come to a namespace whose pods serve people, and whoever takes over a cell cannot touch its backups.
 */
export function backupJob(input: BackupJobInput): KubeObject {
  const { namespace, owner, task, tenantId } = input;
  const labels = { ...component, [forLabel]: owner.uid, [taskLabel]: task };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: backupJobName(tenantId),
      namespace,
      labels,
      annotations: { [ownerAnnotation]: `${owner.kind} ${owner.name}` },
    },
    spec: {
      // Each run goes on where the one before was cut off.
      backoffLimit: 5,
      activeDeadlineSeconds: 86_400,
      // Should the operator not come to take it away: another run says the same.
      ttlSecondsAfterFinished: 300,
      podFailurePolicy: {
        rules: [
          // What it cannot do until somebody changes something.
          { action: 'FailJob', onExitCodes: { containerName: 'backup', operator: 'In', values: [3] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: { metadata: { labels }, spec: podSpec(input) },
    },
  } as KubeObject;
}

/** For which object a Job works, for people. */
export function ownerOf({ metadata }: KubeObject): string {
  return metadata.annotations?.[ownerAnnotation] ?? 'somebody else';
}

function podSpec({ task, bucket, version, images, ...input }: BackupJobInput): object {
  const { registry, pullSecrets } = images;
  const authority = bucket.authoritySecret;
  const inner = input.cell === undefined || !speaksTls(version.version) ? undefined : cellNames(input.cell).inner;
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    imagePullSecrets: pullSecrets.map((name) => ({ name })),
    // Files of Secrets are root's; it reads them as their group.
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      fsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'backup',
        image: `${registry === '' ? '' : `${registry}/`}driftbox/services@${version.images['services'] ?? ''}`,
        args: ['services/backup/src/main.ts', task],
        env: settings({ bucket, ...input }, inner !== undefined),
        terminationMessagePolicy: 'FallbackToLogsOnError',
        // It holds an index of all objects: some 300 bytes each.
        resources: { requests: { cpu: '50m', memory: '192Mi' }, limits: { cpu: '1', memory: '1Gi' } },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(authority === undefined ? [] : [{ name: 'authority', mountPath: '/etc/driftbox/authority', readOnly: true }]),
          ...(inner === undefined ? [] : [{ name: 'inner', mountPath: '/etc/driftbox/inner', readOnly: true }]),
        ],
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
      // Keys may be in these Secrets as well, and are none of its business.
      ...(authority === undefined ? [] : [{ name: 'authority', secret: { secretName: authority, ...authorityAlone } }]),
      ...(inner === undefined ? [] : [{ name: 'inner', secret: { secretName: inner, ...authorityAlone } }]),
    ],
  };
}

function settings(input: Omit<BackupJobInput, 'task' | 'version' | 'images'>, byTls: boolean): object[] {
  const { tenantId, point, bucket, keySecret, cell, into } = input;
  const setting = (name: string, value: string) => ({ name, value });
  const secret = (name: string, from: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: from, key } } });
  return [
    setting('DRIFTBOX_BACKUP_TENANT', tenantId),
    setting('DRIFTBOX_BACKUP_POINT', point),
    secret('DRIFTBOX_BACKUP_KEY', keySecret, 'key'),
    setting('DRIFTBOX_BACKUP_S3_ENDPOINT', bucket.endpoint),
    setting('DRIFTBOX_BACKUP_S3_BUCKET', bucket.bucket),
    setting('DRIFTBOX_BACKUP_S3_PREFIX', bucket.prefix),
    setting('DRIFTBOX_BACKUP_S3_REGION', bucket.region),
    secret('DRIFTBOX_BACKUP_S3_ACCESS_KEY', bucket.credentials.secret, bucket.credentials.accessKey),
    secret('DRIFTBOX_BACKUP_S3_SECRET_KEY', bucket.credentials.secret, bucket.credentials.secretKey),
    ...(bucket.authoritySecret === undefined ? [] : [setting('NODE_EXTRA_CA_CERTS', '/etc/driftbox/authority/ca.crt')]),
    ...(cell === undefined
      ? []
      : [
          setting('DRIFTBOX_BACKUP_INTERNAL', services.map((service) => `${service}=${adminUrl(cell, service, byTls)}`).join(',')),
          ...(byTls ? [setting('DRIFTBOX_TLS_AUTHORITY_FILE', '/etc/driftbox/inner/ca.crt')] : []),
          secret('DRIFTBOX_SERVICE_KEY', cellNames(cell).master, masterKeys.serviceKey),
        ]),
    ...(into === undefined
      ? []
      : [setting('DRIFTBOX_BACKUP_INTO', into.tenantId), setting('DRIFTBOX_BACKUP_REPLACE', String(into.replace))]),
  ];
}
