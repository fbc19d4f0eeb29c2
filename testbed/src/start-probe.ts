import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { freePort, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import { projectFolder } from './standalone-process.ts';

/** Whom the probe asks, and as whom. */
export type ProbeOptions = {
  readonly address: string;
  /** Where its tenant is reached under another name than in the address. */
  readonly tenantHost?: string;
  readonly email: string;
  readonly password: string;
  readonly everySeconds: number;
  readonly folder: string;
  readonly certificateFile?: string;
};

/** A probe at work; its figures are at `internal`, `127.0.0.1:PORT`. */
export type ProbeProcess = ServerProcess & { readonly internal: string };

/** Starts the probe as a process of its own. */
export async function startProbe(options: ProbeOptions): Promise<ProbeProcess> {
  const { address, tenantHost, email, password, everySeconds, folder, certificateFile } = options;
  const port = await freePort();
  const server = await startServerProcess({
    name: 'probe',
    command: process.execPath,
    args: ['--no-warnings', path.join(projectFolder, 'services/probe/src/main.ts')],
    env: {
      DRIFTBOX_PROBE_URL: address,
      DRIFTBOX_PROBE_EMAIL: email,
      DRIFTBOX_PROBE_PASSWORD: password,
      DRIFTBOX_PROBE_EVERY: `${everySeconds}s`,
      DRIFTBOX_PROBE_PORT: String(port),
      ...(tenantHost === undefined ? {} : { DRIFTBOX_PROBE_TENANT_HOST: tenantHost }),
      ...(certificateFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificateFile }),
    },
    folder,
    port,
    startTimeoutMs: 60_000,
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
  });
  return { ...server, internal: `127.0.0.1:${port}` };
}

/** A user for a probe, whose password nobody else knows. */
export function newProbeUser(): { readonly email: string; readonly password: string } {
  return { email: 'probe@example.com', password: randomBytes(18).toString('base64url') };
}
