import { z } from 'zod';
import {
  amounts,
  annotations,
  dns,
  fromRegistry,
  image,
  monitoring,
  objectName,
  optionalName,
  peer,
  placement,
  port,
  revision,
  tracing,
} from './pieces.ts';

const replicas = { replicas: z.int().min(1).max(200), most: z.int().min(1).max(200) };
const service = z
  .strictObject({ ...replicas, ...amounts, connections: z.int().min(2).max(500) })
  .partial()
  .optional();

const host = z
  .string()
  .max(253)
  .regex(/^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/);
const url = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/);
const network = z
  .string()
  .max(64)
  .regex(/^[0-9a-fA-F.:]+(\/[0-9]{1,3})?$/);
const numbers = z.record(z.string().regex(/^[a-zA-Z]+$/), z.int().min(1));

const place = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/);

const pool = z.strictObject({
  endpoint: url.describe('required: of the pool'),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .describe('required: must exist'),
  prefix: z
    .string()
    .max(300)
    .regex(/^([A-Za-z0-9._-]+\/)+$/)
    .describe('in front of the names of objects, so that several cells may share the bucket'),
  region: z
    .string()
    .max(64)
    .regex(/^[a-z0-9-]+$/),
  peers: z.array(peer).max(16).describe('as above'),
});

const exposure = z.strictObject({
  kind: z.enum(['none', 'ingress', 'httpRoute']).describe('what leads to the gateway, besides its Service'),
  service: z.strictObject({
    type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).describe('of the gateway, the only part that people reach'),
    annotations: annotations.describe('of that Service'),
  }),
  ingress: z.strictObject({
    className: optionalName.describe('empty for the cluster’s default'),
    annotations: annotations.describe('for its controller, whose limits of bodies and times must not be below those of docs/gateway.md'),
    tlsSecret: optionalName.describe('certificate for `gateway.hosts`, where the Ingress ends TLS'),
  }),
  httpRoute: z.strictObject({
    parents: z
      .array(z.looseObject({ name: objectName }))
      .max(8)
      .describe('`parentRefs` of the route'),
  }),
});

/** The values of `driftbox-cell`, as its values.schema.json says them. */
export const cellValues = z.strictObject({
  ...fromRegistry,
  images: z.strictObject({ services: image, nginx: image }),
  profile: z.enum(['tiny', 'small', 'large']).describe('what each part asks for, and how many there are: `files/profiles.yaml`'),
  sizes: z
    .strictObject({
      auth: service,
      metadata: service,
      upload: service,
      sync: service,
      share: service,
      notification: service,
      gateway: z
        .strictObject({ ...replicas, ...amounts })
        .partial()
        .optional(),
      verify: z.strictObject(amounts).partial().optional(),
      probe: z.strictObject(amounts).partial().optional(),
    })
    .describe('changes single numbers of the profile, `{ upload: { replicas: 4 } }`'),
  autoscaling: z.strictObject({
    enabled: z.boolean().describe('a HorizontalPodAutoscaler between `replicas` and `most` of each size; needs metrics-server'),
    cpuPercent: z.int().min(10).max(95).describe('of what is asked for, at which there are enough'),
  }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  publicUrl: url.describe('required: where people reach the cell, for links in mails'),
  secrets: z.strictObject({
    cell: objectName.describe(
      'Secret with `service-key`, `signing-key-secret`, `content-url-secret`; `other-service-key` while the first is replaced',
    ),
    databases: objectName.describe(
      'Secret with a PostgreSQL URL for each service by name, and `NAME-relay` of auth, metadata, share and notification; ' +
        '`other-NAME`, a password that is tried as well, while those are replaced',
    ),
    redis: objectName.describe('Secret with `url`'),
    s3: objectName.describe('Secret with `access-key`, `secret-key`; for a mirror also with `mirror-access-key`, `mirror-secret-key`'),
    keys: objectName.describe(
      'Secret with `keys.json`, the key-encryption keys, without which nothing that was stored can be read; for `transit` with `token`',
    ),
    kafka: optionalName.describe('Secret with `username`, `password`; empty: brokers want no name'),
    postgresCertificate: optionalName.describe(
      'Secret with `tls.crt`, `tls.key`, shown to PostgreSQL; the URLs name them by `sslcert`, `sslkey`',
    ),
    redisCertificate: optionalName.describe('the same for Redis; empty: it asks for none'),
    authorities: optionalName.describe(
      'Secret with `ca.crt`: certificates that are trusted besides those that everybody trusts; empty for none',
    ),
    innerTls: optionalName.describe(
      'Secret with `ca.crt`, an authority of the cell alone, and what it has certified: `PART.crt` and `PART.key` of each service, of ' +
        '`gateway` and of `probe`, for the names of their Services; parts then call one another by TLS alone; empty: by plain HTTP',
    ),
    smtp: optionalName.describe('Secret with `url`; empty: mails are written to a folder that ends with its pod'),
    revision,
  }),
  postgres: z.strictObject({
    port,
    peers: z.array(peer).max(16).describe('where the database is, for the network policies; empty: anywhere'),
    innerTls: z.boolean().describe('whether the database speaks TLS, certified by the authority of `secrets.innerTls`'),
    recoverWithinHours: z.int().min(0).max(720).describe('how far back it may be recovered: so long the pool keeps what was purged'),
  }),
  kafka: z.strictObject({
    brokers: z
      .array(z.string().regex(/^[a-z0-9.-]+:[0-9]{1,5}$/))
      .min(1)
      .max(32)
      .describe('required: `host:port` of some or all'),
    prefix: z
      .string()
      .max(100)
      .regex(/^[A-Za-z0-9._-]*$/)
      .describe('begins every topic and group; another one for each cell that shares a Kafka'),
    tls: z.boolean().describe('whether brokers are spoken to by TLS'),
    innerTls: z.boolean().describe('whether, with `tls`, they are certified by the authority of `secrets.innerTls`'),
    mechanism: z.enum(['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN']).describe('how services log in, with `secrets.kafka`'),
    ports: z.array(port).min(1).max(16).describe('of brokers, for the network policies'),
    peers: z.array(peer).max(16).describe('as above'),
  }),
  redis: z.strictObject({
    port,
    prefix: z.string().max(100).describe('Begins every key; another one for each cell that shares a Redis'),
    innerTls: z.boolean().describe('whether it speaks TLS, as the URL says then, certified by the authority of `secrets.innerTls`'),
    peers: z.array(peer).max(16).describe('as above'),
  }),
  s3: pool,
  transit: z
    .strictObject({
      url: z
        .string()
        .max(512)
        .regex(/^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/),
      mount: place,
      key: z
        .string()
        .max(128)
        .regex(/^[A-Za-z0-9_.-]+$/),
      namespace: place.or(z.literal('')),
      peers: z.array(peer).max(16),
    })
    .optional()
    .describe(
      'Vault or OpenBao that holds the key-encryption keys, where `keys.json` does not: `url`, `mount`, `key`, `namespace` or empty, ' +
        '`peers` as above; never changed',
    ),
  mirror: pool.optional().describe('a second pool, all of it as of `s3`: every pack is kept there as well; absent for none'),
  mail: z.strictObject({
    from: z.string().max(200).describe('sender of mails'),
    ports: z.array(port).max(4).describe('of the mail server, for the network policies'),
  }),
  webhooks: z.strictObject({
    ports: z.array(port).max(8).describe('of receivers, for the network policies'),
    networks: z.string().max(1000).describe('private networks that webhooks may reach all the same, `10.1.0.0/16,fd00::/8`'),
    rate: z.int().min(1).max(1_000_000).describe('deliveries of one tenant that leave one pod in a minute'),
  }),
  gateway: z.strictObject({
    hosts: z.array(host).min(1).max(256).describe('required: names that are served, `files.example.com`, `*.files.example.com`'),
    tlsSecret: optionalName.describe('certificate for the names, where NGINX itself ends TLS'),
    trustedProxies: z.array(network).max(64).describe('addresses whose `X-Forwarded-For` is believed: the ingress controller’s pods'),
    workers: z.int().min(1).max(64).describe('processes of NGINX'),
    limits: numbers.describe('as in docs/gateway.md'),
    timeouts: numbers.describe('as in docs/gateway.md; `drainSeconds` is how long a pod that goes lets transfers end'),
  }),
  exposure,
  networkPolicy: z.strictObject({
    enabled: z.boolean().describe('nothing comes or goes but what is named; enforced by the cluster’s network, if it does'),
    clients: z.array(peer).max(16).describe('who may reach the gateway; empty: everybody'),
    operator: peer.describe('who registers tenants on the internal ports'),
    monitoring: peer.describe('who reads figures'),
    dns,
  }),
  monitoring,
  tracing: z.strictObject({ ...tracing, peers: z.array(peer).max(16).describe('where the collector is; empty: anywhere') }),
  probe: z.strictObject({
    enabled: z
      .boolean()
      .describe('does every so often what people do, where they do it, and says how it went; better in another cell, or by hand elsewhere'),
    tenantHost: z
      .string()
      .max(253)
      .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$/)
      .describe('of a tenant made for it, where it asks in place of the host of `publicUrl`'),
    secret: objectName.describe('Secret with `email` and `password` of its user'),
    every: z
      .string()
      .regex(/^[1-9][0-9]*(s|m)$/)
      .describe('from one round to the next'),
    peers: z.array(peer).max(16).describe('where that leads, for the network policies; empty: anywhere'),
  }),
  ...placement,
});

/** Values of `driftbox-cell` as somebody writes them; what has a default in values.yaml may be left out there. */
export type CellValues = z.input<typeof cellValues>;
