import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort, temporaryFolder } from '@driftbox/testkit';
import { startOidcProvider, type OidcProvider } from '../../components/servers/oidc.ts';
import { startSmtpSink, type SmtpSink } from '../../components/servers/smtp.ts';
import { serviceKeyOf } from '../../src/add-tenant.ts';
import '../../src/resolve-test-names.ts';
import type { CellDoor } from '../../src/register-tenant.ts';
import { projectFolder, startStandaloneProcess } from '../../src/standalone-process.ts';
import { trustCertificate } from '../../src/trust-certificate.ts';
import { stackIssuer, startStack } from '../../stack/start-stack.ts';

/** On what an evening is played. */
export type PlaceKind = 'standalone' | 'small-stack' | 'stack';

/** A DriftBox, and the servers of others that it works with: where mails go, and where people sign in. */
export type Place = {
  /** For files of the evening. */
  readonly folder: string;
  readonly cell: CellDoor;
  /** Where the tenant of a host is reached. */
  readonly addressOf: (host: string) => string;
  /** What clients need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly mails: SmtpSink['mails'];
  readonly provider: OidcProvider;
  close(): Promise<void>;
};

/** The tenants' hosts. */
export const hosts = { home: 'home.cell.test', acme: 'acme.cell.test' } as const;
/** Under which name the people of the first tenant sign in at the provider. */
export const issuerName = stackIssuer;

/** Deadline of whatever comes by events, mails and sync. */
export const patience = { deadlineMs: 180_000 };

type Server = Pick<Place, 'cell' | 'addressOf' | 'env' | 'mails' | 'provider'> & { stop(): Promise<unknown> };

const webhooks = { DRIFTBOX_WEBHOOK_NETWORKS: '127.0.0.0/8' };

/** Starts all of it. Close it, also after a failure. */
export async function openPlace(kind: PlaceKind, report: (line: string) => void): Promise<Place> {
  const folder = await temporaryFolder();
  // PostgreSQL may run as another user, who must be able to pass through.
  await chmod(folder.path, 0o711);
  try {
    const server = kind === 'standalone' ? await standalone(folder.path) : await stack(kind, report);
    const { cell, addressOf, env, mails, provider } = server;
    const names = `--import=${path.join(projectFolder, 'testbed/src/resolve-test-names.ts')}`;
    const close = async (): Promise<void> => {
      await server.stop();
      await folder.remove();
    };
    return { folder: folder.path, cell, addressOf, env: { ...env, NODE_OPTIONS: names }, mails, provider, close };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function standalone(folder: string): Promise<Server> {
  const data = path.join(folder, 'data');
  await mkdir(data);
  const port = await freePort();
  const addressOf = (host: string): string => `http://${host}:${port}`;
  const started: { stop(): Promise<unknown> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of started.reverse()) await one.stop();
  };
  try {
    const smtp = await startSmtpSink();
    started.push(smtp);
    const provider = await startOidcProvider([`${addressOf(hosts.home)}/v1/oauth/${issuerName}/callback`]);
    started.push(provider);
    const server = await startStandaloneProcess(data, {
      ...webhooks,
      DRIFTBOX_SMTP_URL: smtp.addresses['url'] ?? '',
      DRIFTBOX_PRIVATE_ISSUERS: '127.0.0.1',
      DRIFTBOX_PORT: String(port),
      DRIFTBOX_PUBLIC_URL: `http://localhost:${port}`,
      DRIFTBOX_INTERNAL_PORT: '0',
    });
    started.push(server);
    if (server.internal === undefined) throw new Error('the server has no internal ports');
    const cell = { internal: server.internal, serviceKey: await serviceKeyOf(data) };
    return { cell, addressOf, env: { DRIFTBOX_ALLOW_HTTP: '1' }, mails: smtp.mails, provider, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** With the servers that a stack brings. */
async function stack(kind: PlaceKind, report: (line: string) => void): Promise<Server> {
  const small = kind === 'small-stack';
  const started = await startStack({ small, replicas: 2, settings: webhooks, signInHosts: [hosts.home], report });
  await trustCertificate(started.certificateFile);
  const { port } = new URL(started.address);
  return {
    cell: started,
    addressOf: (host) => `https://${host}:${port}`,
    env: { NODE_EXTRA_CA_CERTS: started.certificateFile },
    mails: started.backends.smtp.mails,
    provider: started.backends.oidc,
    stop: () => started.stop(),
  };
}
