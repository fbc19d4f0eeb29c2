import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import {
  bucketName,
  growingQuantity,
  objectName,
  objectPrefix,
  quantity,
  region,
  secretName,
  serverUrl,
  text,
  whole,
} from '../schema/fields.ts';
import { deletionProtection, retainOrDelete } from '../schema/life.ts';
import { setOf } from '../schema/lists.ts';
import { ruled, type Rule } from '../schema/rule.ts';
import { exactlyOne, fixed, sameChoice } from '../schema/rules.ts';
import { conditions, contentState, measured, observedGeneration, plan, requestedAt } from './status.ts';

const packsStay = 'the packs of tenants lie where it says; make another pool';

const external = ruled(
  z.strictObject({
    endpoint: serverUrl.describe('Address of the S3 server, for example https://s3.example.com.'),
    bucket: bucketName.describe('The bucket. It exists already; the operator never makes or removes it.'),
    prefix: objectPrefix.optional().describe('Where in the bucket this pool begins. The whole bucket if absent.'),
    region,
    storageClass: text(64, '^[A-Z_]+$', 'a storage class such as STANDARD')
      .optional()
      .describe("Storage class of new objects. The bucket's own if absent."),
    credentialsSecret: secretName.describe("Secret in the operator's namespace with the keys accessKey and secretKey."),
    authoritySecret: secretName
      .optional()
      .describe("Secret in the operator's namespace with the key ca.crt, where the server's certificate is not publicly trusted."),
  }),
  fixed('bucket', packsStay),
  fixed('prefix', packsStay),
  fixed('region', packsStay),
);

const bundled = ruled(
  z.strictObject({
    nodes: whole(1, 16).default(1).describe('Pods of MinIO: 1, or 4 to 16, which go on without one of them.'),
    drivesPerNode: whole(1, 16).default(4).describe('Volumes of each pod.'),
    parity: whole(0, 8).default(2).describe('Drives of those of one set that may be lost without losing a byte; 0 on a single drive.'),
    driveSize: growingQuantity.describe('Size of each volume, for example 100Gi. Only grows.'),
    volumeClass: objectName.optional().describe("StorageClass of the volumes. The cluster's default if absent."),
  }),
  {
    on: 'every write',
    field: 'nodes',
    cel: 'self.nodes == 1 || self.nodes >= 4',
    message: 'nodes is 1, or at least 4: with two or three none could be lost',
    holds: ({ nodes }) => nodes === 1 || nodes >= 4,
  },
  {
    on: 'every write',
    field: 'parity',
    cel: 'self.parity * 2 <= self.nodes * self.drivesPerNode',
    message: 'parity is at most half of all drives',
    holds: ({ parity, nodes, drivesPerNode }) => parity * 2 <= nodes * drivesPerNode,
  },
  ...['nodes', 'drivesPerNode', 'parity', 'volumeClass'].map((name) => fixed(name, 'the drives are laid out by it; make another pool')),
);

const spec = ruled(
  z.strictObject({
    external: external.optional().describe('A bucket of an S3 server that is there already.'),
    bundled: bundled.optional().describe('A MinIO of our own, which the operator installs.'),
    mirror: objectName
      .optional()
      .describe('Another StoragePool, which cells keep a second copy of every pack in. It may have no mirror itself. None if absent.'),
    capacity: quantity
      .optional()
      .describe('Bytes that tenants may be given in all. What the drives hold if absent, without limit for an external pool.'),
    overcommitPercent: whole(100, 1_000)
      .default(100)
      .describe('How much of the capacity may be promised to tenants, in percent: 200 promises twice what is there.'),
    deletionPolicy: retainOrDelete
      .default('Retain')
      .describe('What becomes of the packs when the pool is deleted: Retain keeps them, Delete erases them.'),
    deletionProtection,
  }),
  exactlyOne('external', 'bundled'),
  sameChoice(['external', 'bundled'], packsStay),
);

/** What a StoragePool says, with defaults filled in. */
export type StoragePoolSpec = z.output<typeof spec>;

const status = z.strictObject({
  observedGeneration,
  conditions,
  version: z
    .string()
    .max(64)
    .optional()
    .describe('Version of DriftBox with which its MinIO came: that of its cells. Absent from a bucket.'),
  bucket: z.string().max(200).optional().describe('The bucket in use, with its prefix.'),
  mirror: z.string().max(63).optional().describe('The StoragePool in which cells keep a second copy of every pack.'),
  features: setOf(z.string().max(64), 0, 64).optional().describe('What the server was found to be able to do.'),
  capacity: measured.optional().describe('Bytes that tenants may be given in all.'),
  allocated: measured.optional().describe('Bytes that tenants have been promised.'),
  used: measured.optional().describe('Bytes that people have stored, as near as the tenants in it say.'),
  content: contentState.describe('How whole the content of all tenants in it was found.'),
  plan,
  requestedAt,
});

const notItsOwnMirror: Rule<{ readonly metadata: { readonly name: string }; readonly spec: StoragePoolSpec }> = {
  on: 'every write',
  cel: '!has(self.spec.mirror) || self.spec.mirror != self.metadata.name',
  message: 'spec.mirror is another pool: a second copy is to lie elsewhere',
  holds: ({ metadata, spec: { mirror } }) => mirror !== metadata.name,
};

/** Where packs lie: a bucket of an S3 server, or a MinIO of our own. */
export const storagePoolKind = defineKind({
  kind: 'StoragePool',
  plural: 'storagepools',
  singular: 'storagepool',
  shortName: 'dbp',
  about: 'Where the content of files lies, encrypted: a bucket of an S3 server, or a MinIO that the operator installs.',
  spec,
  status,
  rules: [notItsOwnMirror],
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Bucket', path: '.status.bucket' },
    { name: 'Mirror', path: '.status.mirror' },
    { name: 'Capacity', path: '.status.capacity' },
    { name: 'Allocated', path: '.status.allocated' },
    { name: 'Used', path: '.status.used' },
    { name: 'Verified', path: '.status.content.verifiedSince' },
    { name: 'Damaged', path: '.status.content.damagedChunks' },
  ],
});
