import { z } from 'zod';
import { amounts, bytes, dns, fromRegistry, image, objectName, optionalName, peer, placement, revision, serverImage } from './pieces.ts';

/** Volumes of a part may be of another class than `storageClass`. */
const stored = { ...amounts, storage: bytes, storageClass: optionalName };

/** The values of `driftbox-backends`, as its values.schema.json says them. */
export const backendsValues = z.strictObject({
  ...fromRegistry,
  images: z.strictObject({
    // One of a part that is off is never looked at.
    services: image.partial({ digest: true }).optional().describe('copies PostgreSQL for its standby; needed above tiny'),
    postgres: serverImage.partial({ digest: true }),
    kafka: serverImage.partial({ digest: true }),
    minio: serverImage.partial({ digest: true }),
    redis: serverImage.partial({ digest: true }),
  }),
  profile: z
    .enum(['tiny', 'small', 'large'])
    .describe('what each part asks for, and how many there are: `files/profiles.yaml`; never changed between tiny and another'),
  sizes: z
    .strictObject({
      postgres: z
        .strictObject({
          ...stored,
          replicas: z.int().min(1).max(2),
          sharedBuffers: z.string().regex(/^[0-9]+(MB|GB)$/),
          connections: z.int().min(20).max(5_000),
        })
        .partial()
        .optional(),
      kafka: z
        .strictObject({ ...stored, replicas: z.union([z.literal(1), z.literal(3), z.literal(5)]), heap: z.string().regex(/^[0-9]+(m|g)$/) })
        .partial()
        .optional(),
      minio: z
        .strictObject({ ...stored, replicas: z.union([z.literal(1), z.int().min(4).max(16)]) })
        .partial()
        .optional(),
      redis: z
        .strictObject({ ...amounts, maxMemory: z.string().regex(/^[0-9]+(mb|gb)$/) })
        .partial()
        .optional(),
    })
    .describe('changes single numbers of the profile, `{ postgres: { storage: 64Gi } }`'),
  postgres: z.strictObject({
    enabled: z.boolean().describe('PostgreSQL: a primary, and in profiles above tiny a synchronous standby'),
    delegated: z.boolean().describe('a Cluster that CloudNativePG runs, which is to be there already, instead of a server of our own'),
    delegatedImage: z
      .string()
      .max(200)
      .regex(/^[a-z0-9][\w./@:-]*$/)
      .describe('its image, of `imageRegistry` or else of ghcr.io'),
  }),
  kafka: z.strictObject({
    enabled: z.boolean().describe('Kafka in KRaft mode: one broker, or three of which one may be lost'),
    delegated: z.boolean().describe('a Kafka that Strimzi runs, which is to be there already, instead of brokers of our own'),
    classPath: z
      .string()
      .max(200)
      .regex(/^[\w/.*:-]+$/)
      .describe('where the image has Kafka’s jars'),
    certificate: z
      .string()
      .max(128)
      .describe(
        'changes whenever the certificate of `kafka` in `secrets.innerTls` does, so that brokers, which read it at start, start anew',
      ),
  }),
  minio: z.strictObject({
    enabled: z.boolean().describe('MinIO: one drive, or four nodes of which one may be lost'),
    drives: z.int().min(1).max(16).describe('volumes of each node; never changed, for the data lies across them'),
    parity: z.int().min(0).max(8).describe('drives of a set that may be lost; 0 for what MinIO takes for so many drives'),
    region: z
      .string()
      .max(64)
      .regex(/^[a-z0-9-]+$/),
    tls: z
      .boolean()
      .describe(
        'MinIO speaks TLS, and nothing else, by `minio.crt` and `minio.key` in `secrets.innerTls`; never changed while it runs, for ' +
          'nodes that do and nodes that do not make no server',
      ),
  }),
  redis: z.strictObject({ enabled: z.boolean().describe('Redis without persistence, for hints') }),
  secrets: z.strictObject({
    postgres: objectName.describe(
      'Secret with `password` of `postgres`, who may everything, and, where there is no `innerTls`, `replication-password`; ' +
        'read when data is made',
    ),
    postgresLogin: objectName.describe('Secret with `username`, `postgres`, and `password`; read by CloudNativePG'),
    minio: objectName.describe('Secret with `root-user`, `root-password`'),
    redis: objectName.describe('Secret with `password`, and `other-password` if that is taken as well; read when Redis starts'),
    innerTls: optionalName.describe(
      'Secret with `ca.crt`, an authority, and what it has certified: `PART.crt` and `PART.key` for ' +
        'the names of its Service and of each pod; PostgreSQL then speaks TLS to whoever asks for it, Kafka at 9094, Redis at 6380; ' +
        'a standby is known by that of PostgreSQL, which is for clients as well and has a pod’s name as its common name; ' +
        'empty for none',
    ),
    revision,
  }),
  storageClass: optionalName.describe('empty for the cluster’s default'),
  networkPolicy: z.strictObject({
    enabled: z.boolean().describe('nothing comes or goes but what is named; enforced by the cluster’s network, if it does'),
    clients: z.array(peer).max(16).describe('who may reach the back ends'),
    operator: peer.optional().describe('who replaces the password of Redis as it runs; absent: nobody'),
    kafkaOperator: peer.describe('the pods of Strimzi, which ask each broker how it is'),
    postgresOperator: peer.describe('the pods of CloudNativePG, which ask each server how it is'),
    dns,
  }),
  ...placement,
});

/** Values of `driftbox-backends` as somebody writes them; what has a default in values.yaml may be left out there. */
export type BackendsValues = z.input<typeof backendsValues>;
