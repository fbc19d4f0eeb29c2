import { awaitTls, type AwaitedService } from './await-tls.ts';
import { CertificateFiles } from './certificate-files.ts';
import { ConfigError, defineConfig, type Loaded } from './config.ts';
import type { Logger } from './logger.ts';
import { readPem } from './read-pem.ts';

/** The certificate that a process shows inside its cell: rows that the table of whatever listens there includes. */
export const certificateSettings = defineConfig({
  DRIFTBOX_TLS_CERTIFICATE_FILE: {
    type: 'string',
    optional: true,
    description: 'Certificate in PEM for callers inside the cell, read anew within a minute of a change; without it they speak plain HTTP',
  },
  DRIFTBOX_TLS_KEY_FILE: { type: 'string', optional: true, description: 'Its key' },
});

/** How those who call others inside their cell know them. */
export const tlsSettings = defineConfig({
  ...certificateSettings,
  DRIFTBOX_TLS_AUTHORITY_FILE: {
    type: 'string',
    optional: true,
    description: 'Authority in PEM that alone certifies services of the cell, where their addresses begin with https:',
  },
  DRIFTBOX_TLS_AWAITS: {
    type: 'string',
    default: '',
    description:
      'HOST:PORT/PLAINPORT of services with commas: not ready while one answers at the second port only, as the version before does',
  },
});

/** The certificate that is to be shown; undefined where there is none. Throws `ConfigError` for what cannot be one. */
export async function openCertificate(
  { config }: Pick<Loaded<typeof certificateSettings>, 'config'>,
  log: Logger,
): Promise<CertificateFiles | undefined> {
  const { DRIFTBOX_TLS_CERTIFICATE_FILE: certificate, DRIFTBOX_TLS_KEY_FILE: key } = config;
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new ConfigError(['DRIFTBOX_TLS_CERTIFICATE_FILE and DRIFTBOX_TLS_KEY_FILE go together']);
  const onError = (error: unknown): void => log.error({ err: error }, 'the certificate in its files cannot be shown');
  return CertificateFiles.open({ certificate, key }, { onError }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`DRIFTBOX_TLS_CERTIFICATE_FILE and DRIFTBOX_TLS_KEY_FILE: ${why}`]);
  });
}

/** How the others of a cell are known. */
export type KnownCell = {
  /** In PEM; those that everybody trusts without it. */
  readonly authority: string | undefined;
  /** Throws while one that is called would not be reached, because it is still of a version without TLS. */
  readonly ready: () => Promise<void>;
};

/** Throws `ConfigError` where it is not said as it should be. */
export function readKnownCell({ config }: Pick<Loaded<typeof tlsSettings>, 'config'>): KnownCell {
  const { DRIFTBOX_TLS_AUTHORITY_FILE: file, DRIFTBOX_TLS_AWAITS: awaits } = config;
  const authority = file === undefined ? undefined : readPem('DRIFTBOX_TLS_AUTHORITY_FILE', file);
  return { authority, ready: awaitTls(parseAwaits(awaits), authority) };
}

function parseAwaits(text: string): AwaitedService[] {
  return text.split(',').flatMap((one) => {
    if (one === '') return [];
    const [, host, port, plainPort] = /^([A-Za-z0-9.-]+):([0-9]{1,5})\/([0-9]{1,5})$/.exec(one) ?? [];
    if (host === undefined) throw new ConfigError([`DRIFTBOX_TLS_AWAITS: ${one} is not HOST:PORT/PLAINPORT`]);
    return [{ host, port: Number(port), plainPort: Number(plainPort) }];
  });
}
