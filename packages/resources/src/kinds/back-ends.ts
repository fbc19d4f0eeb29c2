import { z } from 'zod';
import { growingQuantity, objectName, secretName, serverAddress, serverName, whole } from '../schema/fields.ts';
import { orderedList, setOf } from '../schema/lists.ts';
import { ruled, type Rule } from '../schema/rule.ts';
import { exactlyOne, fixed, sameChoice } from '../schema/rules.ts';

const dataStays = 'its data would be left behind; make another cell';
const port = (usual: number) => whole(1, 65_535).default(usual).describe(`TCP port. Default ${usual}.`);
const credentials = (what: string) => secretName.describe(`Secret in the operator's namespace with the keys ${what}.`);
const authority = secretName
  .optional()
  .describe("Secret in the operator's namespace with the key ca.crt, where the certificate is not publicly trusted.");

const certificate = secretName
  .optional()
  .describe("Secret of type kubernetes.io/tls in the operator's namespace, shown to a server that asks for a certificate.");
const tls = z
  .boolean()
  .default(true)
  .describe('Whether it is spoken to by TLS; its certificate must be trusted, and be for its name. Default true.');

type Secured = { readonly tls: boolean; readonly authoritySecret?: string | undefined; readonly certificateSecret?: string | undefined };

/** What TLS alone has a use for. */
const onlyByTls: Rule<Secured> = {
  on: 'every write',
  field: 'tls',
  cel: 'self.tls || (!has(self.authoritySecret) && !has(self.certificateSecret))',
  message: 'without TLS there is no authority to trust, and nobody to show a certificate to',
  holds: (self) => self.tls || (self.authoritySecret === undefined && self.certificateSecret === undefined),
};

function volumes(usual: string) {
  return ruled(
    z.strictObject({
      size: growingQuantity.default(usual).describe(`Size of each volume. Only grows. Default ${usual}.`),
      volumeClass: objectName.optional().describe("StorageClass of the volumes. The cluster's default if absent."),
    }),
    fixed('volumeClass', 'volumes do not change their class'),
  );
}

/** PostgreSQL: the one that comes along, one of CloudNativePG, or one that is there already. */
export const postgres = ruled(
  z.strictObject({
    bundled: volumes('20Gi').optional().describe('A primary and a synchronous standby of our own; the primary alone in profile tiny.'),
    delegated: volumes('20Gi')
      .optional()
      .describe('A Cluster of CloudNativePG, whose operator is in the cluster already: two instances, one in profile tiny.'),
    external: ruled(
      z.strictObject({
        hosts: orderedList(serverName, 1, 5).describe('The servers: a primary and its standbys.'),
        port: port(5_432),
        tls,
        credentialsSecret: credentials('username and password, of a role that may create roles and databases'),
        authoritySecret: authority,
        certificateSecret: certificate,
      }),
      onlyByTls,
    )
      .optional()
      .describe('PostgreSQL 18 that is there already; names of databases and roles contain the id of the cell.'),
    recoverWithinHours: whole(0, 720)
      .default(0)
      .describe('How far back it may be recovered by its archive, in hours: so long pools keep what was purged. Default 0.'),
  }),
  exactlyOne('bundled', 'delegated', 'external'),
  sameChoice(['bundled', 'delegated', 'external'], dataStays),
);

/** Kafka: the one that comes along, one of Strimzi, or one that is there already. */
export const kafka = ruled(
  z.strictObject({
    bundled: volumes('10Gi').optional().describe('Three brokers of our own; one in profile tiny.'),
    delegated: volumes('10Gi')
      .optional()
      .describe('A Kafka of Strimzi, whose operator is in the cluster already: three brokers, one in profile tiny.'),
    external: ruled(
      z.strictObject({
        brokers: setOf(serverAddress, 1, 16).describe('Brokers to begin with, each with its port.'),
        tls: z.boolean().default(true).describe('Whether they are spoken to by TLS. Default true.'),
        mechanism: z
          .enum(['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'])
          .default('SCRAM-SHA-512')
          .describe('How the cell logs in, where there are credentials. Default SCRAM-SHA-512.'),
        replicas: whole(1, 7).default(3).describe('How many brokers hold each event. Default 3.'),
        credentialsSecret: credentials('username and password').optional(),
        authoritySecret: authority,
      }),
      {
        on: 'every write',
        field: 'tls',
        cel: "self.tls || (!has(self.authoritySecret) && self.mechanism != 'PLAIN')",
        message: 'without TLS there is no authority to trust, and a password is not sent in plain',
        holds: ({ tls, mechanism, authoritySecret }) => tls || (authoritySecret === undefined && mechanism !== 'PLAIN'),
      },
      fixed('replicas', 'topics are made with it'),
    )
      .optional()
      .describe('Kafka that is there already; names of topics and groups begin with the id of the cell.'),
  }),
  exactlyOne('bundled', 'delegated', 'external'),
  sameChoice(['bundled', 'delegated', 'external'], dataStays),
);

/** Redis, which holds nothing that cannot be lost: the one that comes along, or one that is there already. */
export const redis = ruled(
  z.strictObject({
    bundled: z
      .strictObject({ memoryMiB: whole(32, 65_536).default(128).describe('Memory for keys, in MiB. Default 128.') })
      .optional()
      .describe('A Redis of our own.'),
    external: ruled(
      z.strictObject({
        host: serverName.describe('The server.'),
        port: port(6_379),
        tls,
        credentialsSecret: credentials('username and password').optional(),
        authoritySecret: authority,
        certificateSecret: certificate,
      }),
      onlyByTls,
    )
      .optional()
      .describe('A Redis that is there already; keys begin with the id of the cell.'),
  }),
  exactlyOne('bundled', 'external'),
);
