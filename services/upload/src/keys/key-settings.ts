import { transitFaults, type TransitSettings } from '@driftbox/chunk-store';
import { ConfigError, defineConfig, type Loaded } from '@driftbox/service-kit';

/** Settings of a key manager that keeps the key-encryption keys to itself, in place of a file of them. */
export const transitSettings = defineConfig({
  DRIFTBOX_TRANSIT_URL: {
    type: 'string',
    optional: true,
    description: 'Vault or OpenBao whose transit engine holds the key-encryption key, as https://host:port',
  },
  DRIFTBOX_TRANSIT_MOUNT: { type: 'string', default: 'transit', description: 'Where that engine is mounted' },
  DRIFTBOX_TRANSIT_KEY: { type: 'string', default: 'driftbox', description: 'Name of the key there, made with derived=true' },
  DRIFTBOX_TRANSIT_TOKEN_FILE: {
    type: 'string',
    optional: true,
    description: 'File with the token for it, read for each call: whoever renews the token replaces the file',
  },
  DRIFTBOX_TRANSIT_NAMESPACE: { type: 'string', optional: true, description: 'Namespace of the engine, if it is in one' },
  DRIFTBOX_TRANSIT_TIMEOUT: {
    type: 'duration',
    default: '5s',
    min: 100,
    max: 60_000,
    description: 'How long one answer of it may take',
  },
});

/** Where the key-encryption keys are. */
export type KeySettings = { readonly kind: 'file'; readonly path: string } | ({ readonly kind: 'transit' } & TransitSettings);

/** Which key manager is meant: transit where its address is set, else the file. Throws one `ConfigError` with all that is wrong. */
export function readKeys({ config }: Loaded<typeof transitSettings>, keyFile: string | undefined): KeySettings {
  const { DRIFTBOX_TRANSIT_URL: url, DRIFTBOX_TRANSIT_MOUNT: mount, DRIFTBOX_TRANSIT_KEY: key } = config;
  const { DRIFTBOX_TRANSIT_TOKEN_FILE: tokenFile, DRIFTBOX_TRANSIT_NAMESPACE: namespace } = config;
  if (url === undefined) {
    if (keyFile !== undefined) return { kind: 'file', path: keyFile };
    throw new ConfigError(['set either DRIFTBOX_KEY_FILE, or DRIFTBOX_TRANSIT_URL, for keys that a Vault or OpenBao holds']);
  }
  const faults = transitFaults({ url, mount, key });
  if (tokenFile === undefined) faults.push('DRIFTBOX_TRANSIT_TOKEN_FILE is missing: DRIFTBOX_TRANSIT_URL needs it');
  if (faults.length > 0) throw new ConfigError(faults);
  return { kind: 'transit', url, mount, key, tokenFile: tokenFile ?? '', namespace, timeoutMs: config.DRIFTBOX_TRANSIT_TIMEOUT };
}
