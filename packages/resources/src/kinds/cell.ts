import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { hostName, objectName, secretName, serverUrl, text, whole } from '../schema/fields.ts';
import { deletionProtection, retainOrDelete } from '../schema/life.ts';
import { labels, namedList, setOf } from '../schema/lists.ts';
import { ruled, type Rule } from '../schema/rule.ts';
import { exactlyOne, fixed } from '../schema/rules.ts';
import { kafka, postgres, redis } from './back-ends.ts';
import { keyManager } from './key-manager.ts';
import { conditions, observedGeneration, plan, requestedAt, time } from './status.ts';

const services = ['auth', 'metadata', 'sync', 'upload', 'share', 'notification', 'gateway'] as const;
const replicaCount = whole(1, 100).optional();
const replicas = z.strictObject({
  auth: replicaCount.describe('Pods of auth: sign-in and users.'),
  metadata: replicaCount.describe('Pods of metadata: entries, journals, quota.'),
  sync: replicaCount.describe('Pods of sync: hints to devices.'),
  upload: replicaCount.describe('Pods of upload: content.'),
  share: replicaCount.describe('Pods of share: links.'),
  notification: replicaCount.describe('Pods of notification: what people are told.'),
  gateway: replicaCount.describe('Pods of the gateway: NGINX with its verify process.'),
});

const expose = ruled(
  z.strictObject({
    service: z
      .strictObject({
        type: z
          .enum(['ClusterIP', 'NodePort', 'LoadBalancer'])
          .default('ClusterIP')
          .describe('Type of the Service in front of the gateway.'),
      })
      .optional()
      .describe('The gateway itself: only hosts under the domain of the cell are accepted.'),
    ingress: z
      .strictObject({ className: objectName.optional().describe("IngressClass. The cluster's default if absent.") })
      .optional()
      .describe('An Ingress for each tenant, which ends TLS for hosts of its own.'),
    gateway: z
      .strictObject({
        name: objectName.describe('Name of the Gateway.'),
        namespace: objectName.describe('Namespace of the Gateway.'),
      })
      .optional()
      .describe('An HTTPRoute for each tenant at a Gateway that is there already.'),
  }),
  exactlyOne('service', 'ingress', 'gateway'),
);

const tls = ruled(
  z.strictObject({
    secret: secretName
      .optional()
      .describe("Secret of type kubernetes.io/tls in the operator's namespace, with a certificate for every host under the domain."),
    issuer: objectName.optional().describe('ClusterIssuer of cert-manager that makes the certificate.'),
  }),
  exactlyOne('secret', 'issuer'),
);

const maintenance = z.strictObject({
  days: setOf(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']), 1, 7).describe('Days on which it begins, in UTC.'),
  start: text(5, '^([01][0-9]|2[0-3]):[0-5][0-9]$', 'a time such as 02:30').describe('When it begins, in UTC.'),
  hours: whole(1, 24).default(4).describe('How long it lasts. Default 4.'),
});

const tracing = z.strictObject({
  endpoint: serverUrl.describe('Collector that takes OTLP over HTTP, for example http://collector.tracing.svc:4318.'),
  sharePercent: whole(0, 100).default(10).describe('Of all traces, those that are kept; one with an error always is. Default 10.'),
  headersSecret: secretName
    .optional()
    .describe("Secret in the operator's namespace with the key headers, sent to the collector as name=value,name=value."),
});

const monitoring = z.strictObject({
  namespace: objectName.default('monitoring').describe('Namespace of that Prometheus, which may reach the figures. Default monitoring.'),
  everySeconds: whole(5, 300).default(30).describe('How often figures are read. Default 30.'),
  labels: labels(8).optional().describe('Labels by which that Prometheus chooses its ServiceMonitors.'),
});

const probe = z.strictObject({
  tenantHost: hostName.describe('Host of a tenant made for it alone, under the domain of the cell.'),
  credentialsSecret: secretName.describe("Secret in the operator's namespace with the keys email and password, of a user of that tenant."),
  everySeconds: whole(5, 3_600).default(30).describe('From one round to the next. Default 30.'),
});

const secrets = z.strictObject({
  rotateEveryDays: whole(1, 3_650)
    .optional()
    .describe('Rotates them this long after they were made or rotated last, in the maintenance window. Only when asked for if absent.'),
});

const rotation = z.strictObject({
  phase: z
    .enum(['Adding', 'Switching', 'Withdrawing'])
    .optional()
    .describe('How far the rotation is (docs/conditions.md, SecretsRotated). Absent where none is under way.'),
  since: time.optional().describe('When that began; without a phase when the last rotation ended, or all was made.'),
  token: z
    .string()
    .max(256)
    .optional()
    .describe('The value of the annotation driftbox.io/rotate-secrets that it, or the last one, was asked for by.'),
});

type Sized = { readonly profile: string; readonly replicas?: Partial<Record<(typeof services)[number], number | undefined>> | undefined };
type Scaled = Sized & { readonly autoscaling?: { readonly maxReplicas: number } | undefined };

const tinyIsOne: Rule<Scaled> = {
  on: 'every write',
  field: 'profile',
  cel: "self.profile != 'tiny' || (!has(self.replicas) && !has(self.autoscaling))",
  message: 'profile tiny has one of everything: leave out replicas and autoscaling, or choose small',
  holds: (self) => self.profile !== 'tiny' || (self.replicas === undefined && self.autoscaling === undefined),
};
const replicasBelowMost: Rule<Scaled> = {
  on: 'every write',
  field: 'autoscaling',
  cel: services
    .map((name) => `(!has(self.replicas.${name}) || self.replicas.${name} <= self.autoscaling.maxReplicas)`)
    .reduce((all, one) => `${all} && ${one}`, '!has(self.autoscaling) || !has(self.replicas) || (true')
    .concat(')'),
  message: 'autoscaling.maxReplicas is less than replicas of a service',
  holds: ({ replicas: wanted = {}, autoscaling }) =>
    autoscaling === undefined || services.every((name) => (wanted[name] ?? 0) <= autoscaling.maxReplicas),
};
const hasDomain: Rule<{ readonly template: boolean; readonly domain?: string | undefined }> = {
  on: 'every write',
  field: 'domain',
  cel: 'self.template || has(self.domain)',
  message: 'domain is needed: every tenant of the cell is reached under it',
  holds: (self) => self.template || self.domain !== undefined,
};

const poolStays: Rule<{ readonly template: boolean; readonly pools: readonly string[] }> = {
  on: 'change',
  field: 'pools',
  cel: 'self.template || self.pools[0] == oldSelf.pools[0]',
  message: 'the first of pools cannot be changed: the packs of tenants lie in it; make another cell',
  holds: (self, old) => self.template || self.pools[0] === old.pools[0],
};

const brokersStay: Rule<{
  readonly template: boolean;
  readonly profile: string;
  readonly kafka: { readonly bundled?: object | undefined };
}> = {
  on: 'change',
  field: 'profile',
  cel: "self.template || !has(self.kafka.bundled) || (self.profile == 'tiny') == (oldSelf.profile == 'tiny')",
  message:
    'profile does not change from or to tiny: its Kafka has one broker there, three elsewhere, and no way between; make another cell',
  holds: (self, old) => self.template || self.kafka.bundled === undefined || (self.profile === 'tiny') === (old.profile === 'tiny'),
};

const spec = ruled(
  z.strictObject({
    version: text(64, '^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$', 'a version such as 0.1.0').describe(
      'Version of DriftBox that the cell runs; a new one is an upgrade.',
    ),
    profile: z
      .enum(['tiny', 'small', 'large'])
      .default('small')
      .describe('How large the cell is: tiny to try it out, small for some thousand people, large beyond.'),
    replicas: replicas.optional().describe("Pods of each service, in place of the profile's."),
    autoscaling: z
      .strictObject({
        maxReplicas: whole(2, 100).describe('Most pods of a service.'),
        cpuPercent: whole(10, 100)
          .default(70)
          .describe('Use of the processor, in percent of what is requested, above which pods are added. Default 70.'),
      })
      .optional()
      .describe('Adds and removes pods by load. Fixed numbers if absent.'),
    domain: hostName
      .optional()
      .describe('Domain under which tenants are reached, for example files.example.com. May be absent from a template alone.'),
    tls: tls.optional().describe("Where the certificate for the domain comes from. The cell's own authority if absent."),
    expose: expose.prefault({ service: {} }).describe('How people reach the gateway.'),
    pools: setOf(objectName, 1, 16).describe(
      'The storage pool of the cell. A template may name several: of them each dedicated tenant gets the first that has room.',
    ),
    keyManager: keyManager.prefault({ generated: {} }).describe('What wraps the data keys of tenants.'),
    postgres: postgres.prefault({ bundled: {} }).describe('Where entries, users and journals are kept.'),
    kafka: kafka.prefault({ bundled: {} }).describe('What carries events between services.'),
    redis: redis.prefault({ bundled: {} }).describe('What carries hints between pods.'),
    template: z.boolean().default(false).describe('A pattern for the cells of dedicated tenants; it is never deployed itself.'),
    maintenance: maintenance.optional().describe('When an upgrade may begin; one that has begun is finished. At any time if absent.'),
    tracing: tracing.optional().describe('Where traces of requests go. Nothing is traced if absent.'),
    monitoring: monitoring
      .optional()
      .describe('Lets a Prometheus of the Prometheus operator read figures, by a ServiceMonitor for each part. None if absent.'),
    secrets: secrets
      .optional()
      .describe('What becomes of the keys and passwords that are made for the cell. Rotated when asked for if absent.'),
    probe: probe.optional().describe('A pod that does every so often what people do, and says how it went. None if absent.'),
    maxTenants: whole(1, 10_000).default(1_000).describe('Most tenants in the cell. Default 1000.'),
    deletionPolicy: retainOrDelete
      .default('Retain')
      .describe('What becomes of volumes and keys when the cell is deleted: Retain keeps them, Delete erases them.'),
    deletionProtection,
  }),
  tinyIsOne,
  replicasBelowMost,
  hasDomain,
  poolStays,
  brokersStay,
  fixed('domain', 'hosts of tenants lie under it; make another cell'),
  fixed('template', 'a pattern does not become a cell, nor a cell a pattern'),
);

const release = z.strictObject({
  name: z.string().min(1).max(53).describe('Name of the Helm release.'),
  chart: z.string().max(128).describe('Chart and its version.'),
  revision: whole(0, 1_000_000_000).describe('Revision of the release.'),
  digest: z.string().max(128).describe('Digest of the values and the chart.'),
});

const status = z.strictObject({
  observedGeneration,
  conditions,
  cellId: z.string().max(36).optional().describe('What names of databases, topics and prefixes in shared back ends contain.'),
  namespace: z.string().max(63).optional().describe('Namespace of its pods.'),
  version: z.string().max(64).optional().describe('Version that runs.'),
  upgrading: z.string().max(64).optional().describe('Version to which an upgrade has begun. Absent where none is under way.'),
  address: z.string().max(512).optional().describe('Where its gateway is reached.'),
  tenants: whole(0, 1_000_000).optional().describe('Tenants in the cell.'),
  rotation: rotation.optional().describe('How old its keys and passwords are, and how far their rotation is.'),
  releases: namedList(release, 'name', 8).optional().describe('What Helm has installed for it.'),
  plan,
  requestedAt,
});

/** One deployment of the services with its back ends. */
export const cellKind = defineKind({
  kind: 'Cell',
  plural: 'cells',
  singular: 'cell',
  shortName: 'dbc',
  about: 'One deployment of the services with their back ends, in a namespace of its own, which many tenants share or one has for itself.',
  reserved: ['default', 'system', 'operator', 'driftbox'],
  spec,
  status,
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Version', path: '.status.version' },
    { name: 'Profile', path: '.spec.profile' },
    { name: 'Domain', path: '.spec.domain' },
    { name: 'Tenants', path: '.status.tenants', type: 'integer' },
  ],
});
