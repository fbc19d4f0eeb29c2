import path from 'node:path';
import { relayRole } from '@driftbox/postgres';
import type { ServiceName } from '@driftbox/protocol';
import type { Certificate } from '@driftbox/testkit';
import type { Backends } from './start-backends.ts';

/** What all replicas of a cell share. */
export type CellSecrets = { readonly serviceKey: string; readonly signingKeySecret: string; readonly contentUrlSecret: string };

/** All that the services' settings follow from. */
export type CellParts = {
  readonly backends: Backends;
  readonly secrets: CellSecrets;
  readonly folder: string;
  /** Of each service; they share the connections that PostgreSQL has. */
  readonly replicas: number;
  /** Where the cell reaches a service, whichever replicas it has. */
  readonly internal: Readonly<Record<ServiceName, string>>;
  readonly publicUrl: string;
  /** Shown by every service for `localhost`, and what it knows the others by; without it they speak plain HTTP. */
  readonly certificate: Certificate | undefined;
  /** Of every service, besides those that it needs. */
  readonly settings: Readonly<Record<string, string>>;
};

type Ports = { readonly port: number; readonly internalPort: number; readonly tlsPort: number; readonly internalTlsPort: number };

/** The environment of one replica of a service, as docs/configuration.md describes it. */
export function settingsOf(service: ServiceName, parts: CellParts, ports: Ports): Readonly<Record<string, string>> {
  const { backends, secrets, folder, internal } = parts;
  const name = service === 'auth' ? 'DRIFTBOX' : `DRIFTBOX_${service.toUpperCase()}`;
  const connections = (all: number): string => String(Math.max(2, Math.floor(all / parts.replicas)));
  const common = {
    [`${name}_PORT`]: String(ports.port),
    [`${name}_INTERNAL_PORT`]: String(ports.internalPort),
    ...tlsOf(parts, ports),
    [`DRIFTBOX_${service.toUpperCase()}_DATABASE_URL`]: backends.databases(service),
    DRIFTBOX_SERVICE_KEY: secrets.serviceKey,
    DRIFTBOX_TRUSTED_PROXIES: '1',
    DRIFTBOX_LOG_LEVEL: 'warn',
  };
  const kafka = { DRIFTBOX_KAFKA_BROKERS: backends.brokers.join(',') };
  const redis = { DRIFTBOX_REDIS_URL: backends.redisUrl };
  const mail = { DRIFTBOX_SMTP_URL: backends.smtp.addresses['url'] ?? '', DRIFTBOX_PUBLIC_URL: parts.publicUrl };
  const auth = { DRIFTBOX_AUTH_URL: internal.auth };
  const metadata = { DRIFTBOX_METADATA_URL: internal.metadata };
  const own: Readonly<Record<ServiceName, Readonly<Record<string, string>>>> = {
    auth: {
      ...kafka,
      DRIFTBOX_AUTH_CONNECTIONS: connections(16),
      DRIFTBOX_AUTH_RELAY_DATABASE_URL: backends.databases(relayRole('auth')),
      DRIFTBOX_PRIVATE_ISSUERS: new URL(backends.oidc.issuer).hostname,
      DRIFTBOX_SIGNING_KEY_SECRET: secrets.signingKeySecret,
      ...mail,
    },
    metadata: {
      ...kafka,
      ...redis,
      ...auth,
      DRIFTBOX_METADATA_CONNECTIONS: connections(28),
      DRIFTBOX_METADATA_RELAY_DATABASE_URL: backends.databases(relayRole('metadata')),
    },
    upload: {
      ...auth,
      ...metadata,
      DRIFTBOX_UPLOAD_CONNECTIONS: connections(20),
      DRIFTBOX_S3_ENDPOINT: backends.s3.endpoint,
      DRIFTBOX_S3_BUCKET: backends.s3.bucket,
      DRIFTBOX_S3_REGION: backends.s3.region,
      DRIFTBOX_S3_ACCESS_KEY: backends.s3.accessKey,
      DRIFTBOX_S3_SECRET_KEY: backends.s3.secretKey,
      DRIFTBOX_KEY_FILE: path.join(folder, 'key-encryption-keys.json'),
      DRIFTBOX_CONTENT_URL_SECRET: secrets.contentUrlSecret,
    },
    share: {
      ...kafka,
      ...auth,
      ...metadata,
      DRIFTBOX_UPLOAD_URL: internal.upload,
      ...mail,
      DRIFTBOX_SHARE_CONNECTIONS: connections(8),
      DRIFTBOX_SHARE_RELAY_DATABASE_URL: backends.databases(relayRole('share')),
      DRIFTBOX_CONTENT_URL_SECRET: secrets.contentUrlSecret,
    },
    notification: {
      ...kafka,
      ...auth,
      ...metadata,
      DRIFTBOX_CONTENT_URL_SECRET: secrets.contentUrlSecret,
      ...mail,
      DRIFTBOX_NOTIFICATION_CONNECTIONS: connections(8),
      DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL: backends.databases(relayRole('notification')),
    },
    sync: { ...kafka, ...redis, ...auth, ...metadata, DRIFTBOX_SYNC_CONNECTIONS: connections(8), DRIFTBOX_SYNC_RECONNECT_SPREAD: '500ms' },
  };
  return { ...common, ...own[service], ...parts.settings };
}

function tlsOf({ certificate }: CellParts, { tlsPort, internalTlsPort }: Ports): Readonly<Record<string, string>> {
  if (certificate === undefined) return {};
  return {
    DRIFTBOX_TLS_CERTIFICATE_FILE: certificate.cert,
    DRIFTBOX_TLS_KEY_FILE: certificate.key,
    DRIFTBOX_TLS_AUTHORITY_FILE: certificate.cert,
    DRIFTBOX_TLS_PORT: String(tlsPort),
    DRIFTBOX_INTERNAL_TLS_PORT: String(internalTlsPort),
  };
}
