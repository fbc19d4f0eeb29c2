import { createClient, createSession, httpTransport } from '@driftbox/api-client';
import type { Client, HttpTransport, RetryPolicy, TokenSource, Transport } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import type { Name } from '@driftbox/domain';
import { configFolder } from './config-folder.ts';
import { createCredentialStore } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { followMounts } from './follow-mounts.ts';
import type { DrivePath } from './follow-mounts.ts';
import { UsageError } from './exit-codes.ts';
import { parseServer } from './server-address.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A signed-in connection to a server. */
export type Connection = {
  readonly client: Client;
  readonly token: TokenSource;
  readonly server: string;
  readonly configFolder: string;
  /** The caller's home drive as it is now. */
  home(): Promise<Drive>;
  /** A path from the root of the home drive, followed into the shared drive that is mounted on the way, if any. */
  at(names: readonly Name[]): Promise<DrivePath>;
};

/** How a command wants to talk: through what, and how stubbornly. */
export type ConnectOptions = { readonly through?: (transport: Transport) => Transport; readonly retry?: Partial<RetryPolicy> };

/** Where a command talks to when it is not signed in. */
export type Visit = { readonly client: Client; readonly server: string };

type Visitor = { readonly env: Env; readonly server: string | undefined; readonly signal: AbortSignal };

/** Runs something without being signed in: the server is named by `--server`, `DRIFTBOX_SERVER` or the last sign-in. */
export async function visit<T>({ env, server, signal }: Visitor, work: (at: Visit) => Promise<T>): Promise<T> {
  const stored = await createCredentialStore(configFolder(env)).read();
  const address = addressOf(env, server, stored);
  const transport = httpTransport(address);
  try {
    return await work({ client: createClient({ transport, server: address, signal }), server: address });
  } finally {
    transport.close();
  }
}

/**
 * A client with the credentials of this machine, or with `DRIFTBOX_TOKEN` alone where that is set. Throws
 * `unauthenticated` when there are none.
 */
export async function connect(
  env: Env,
  server: string | undefined,
  signal: AbortSignal,
  opened: (transport: HttpTransport) => void,
  { through = (transport) => transport, retry = {} }: ConnectOptions = {},
): Promise<Connection> {
  const folder = configFolder(env);
  const store = createCredentialStore(folder);
  const stored = await store.read();
  const fixed = env['DRIFTBOX_TOKEN'];
  if (fixed === undefined && stored === undefined)
    throw new Problem('unauthenticated', 'You are not signed in: driftbox login --server URL');
  const address = addressOf(env, server, stored);
  const sockets = httpTransport(address);
  opened(sockets);
  const transport = through(sockets);
  const session = createSession({ store, client: createClient({ transport, server: address, signal }) });
  const token = fixed === undefined ? session.token : async () => fixed;
  const client = createClient({ transport, server: address, signal, retry, token });
  return {
    client,
    token,
    server: address,
    configFolder: folder,
    home: async () => (await homeOf(client)).home,
    at: (names) => placeOf(client, names),
  };
}

function addressOf(env: Env, server: string | undefined, stored: Credentials | undefined): string {
  const address = server ?? env['DRIFTBOX_SERVER'] ?? stored?.server;
  if (address === undefined) throw new UsageError('which server? Give --server URL');
  return parseServer(address, env['DRIFTBOX_ALLOW_HTTP'] === '1');
}

async function placeOf(client: Client, names: readonly Name[]): Promise<DrivePath> {
  const { home, isAlone } = await homeOf(client);
  return isAlone ? { drive: home, names, prefix: [], mount: undefined } : followMounts(client, home, names);
}

/** The home drive, and whether there is no other that the caller may read. */
async function homeOf(client: Client): Promise<{ home: Drive; isAlone: boolean }> {
  const { items, nextCursor } = await client.call(routes.listDrives, { query: { limit: 1 } });
  const [home] = items;
  if (home === undefined) throw new Problem('not_found', 'You have no drive on this server');
  return { home, isAlone: nextCursor === undefined };
}
