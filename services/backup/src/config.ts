import { defineConfig, tlsSettings } from '@driftbox/service-kit';

/** The settings of backup: whose, where to, under which key. */
export const backupConfig = defineConfig({
  DRIFTBOX_BACKUP_TENANT: { type: 'string', description: 'Id of the tenant whose backup it is' },
  DRIFTBOX_BACKUP_POINT: { type: 'string', description: 'Id of the point that is to be made, removed or restored' },
  DRIFTBOX_BACKUP_KEY: { type: 'string', secret: true, description: 'The backup key, as driftbox admin backup key makes it' },
  DRIFTBOX_BACKUP_S3_ENDPOINT: { type: 'string', description: 'Address of the S3 server that backups are kept by' },
  DRIFTBOX_BACKUP_S3_BUCKET: { type: 'string', description: 'The bucket' },
  DRIFTBOX_BACKUP_S3_PREFIX: {
    type: 'string',
    default: '',
    description: 'Where in the bucket backups begin; empty, or ending with a slash',
  },
  DRIFTBOX_BACKUP_S3_REGION: { type: 'string', default: 'us-east-1', description: 'Region that requests are signed for' },
  DRIFTBOX_BACKUP_S3_ACCESS_KEY: { type: 'string', secret: true, description: 'Who asks the S3 server' },
  DRIFTBOX_BACKUP_S3_SECRET_KEY: { type: 'string', secret: true, description: 'And the proof' },
  DRIFTBOX_BACKUP_INTERNAL: {
    type: 'string',
    default: '',
    description: 'SERVICE=URL for the internal addresses of auth, metadata, upload, share and notification, with commas; not for removing',
  },
  DRIFTBOX_TLS_AUTHORITY_FILE: tlsSettings.DRIFTBOX_TLS_AUTHORITY_FILE,
  DRIFTBOX_SERVICE_KEY: { type: 'string', secret: true, optional: true, description: 'The service key of the cell; not for removing' },
  DRIFTBOX_BACKUP_INTO: { type: 'string', optional: true, description: 'Id of the suspended tenant to restore into' },
  DRIFTBOX_BACKUP_REPLACE: { type: 'bool', default: false, description: 'Whether what that tenant has goes first' },
  DRIFTBOX_BACKUP_RESULT: { type: 'string', default: '/dev/termination-log', description: 'File for what came of it' },
  DRIFTBOX_LOG_LEVEL: {
    type: 'enum',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'Least level that is logged',
  },
});
