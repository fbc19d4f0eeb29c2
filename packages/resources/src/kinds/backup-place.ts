import { z } from 'zod';
import { bucketName, objectName, objectPrefix, region, secretName, serverUrl } from '../schema/fields.ts';
import { ruled } from '../schema/rule.ts';
import { exactlyOne } from '../schema/rules.ts';

const s3 = z.strictObject({
  endpoint: serverUrl.describe('Address of the S3 server, for example https://s3.example.com.'),
  bucket: bucketName.describe('The bucket. It exists already; the operator never makes or removes it.'),
  prefix: objectPrefix.optional().describe('Where in the bucket backups begin. The whole bucket if absent.'),
  region,
  credentialsSecret: secretName.describe("Secret in the operator's namespace with the keys accessKey and secretKey."),
  authoritySecret: secretName
    .optional()
    .describe("Secret in the operator's namespace with the key ca.crt, where the server's certificate is not publicly trusted."),
});

/** Where backups are kept. */
export const backupDestination = ruled(
  z.strictObject({
    s3: s3.optional().describe('A bucket of an S3 server.'),
    pool: objectName
      .optional()
      .describe('A StoragePool, below the prefix backups. What is lost with the pool of the tenant is lost there too, if it is the same.'),
  }),
  exactlyOne('s3', 'pool'),
);

/** The Secret with the backup key. */
export const backupKeySecret = secretName
  .default('driftbox-backup-key')
  .describe(
    "Secret in the operator's namespace with the backup key under key. driftbox-backup-key is made where it is missing; others are not.",
  );

/** Where backups are kept, and under which key. */
export type BackupPlace = { readonly destination: z.output<typeof backupDestination>; readonly keySecret: string };
