import { generateKeyPairSync } from 'node:crypto';
import { createClient, httpTransport, type Client, type TokenSource, type Transport } from '@driftbox/api-client';
import { parseSessionId, parseTenantId, parseUserId, type TenantId } from '@driftbox/domain';
import { createMetadata, type AnswerStore } from '@driftbox/metadata';
import type { Database } from '@driftbox/postgres';
import { routes, type Drive } from '@driftbox/protocol';
import { createAuthenticator, createKeySource, createLogger, signAccessToken, signServiceToken } from '@driftbox/service-kit';
import { newId } from '@driftbox/testkit';
import { Registry } from 'prom-client';

/** Somebody with a home drive: a client of their own, and upload's client acting for them. */
export type DriveOwner = { readonly user: Client; readonly upload: Client; readonly drive: Drive; readonly token: TokenSource };

/** Metadata alone, its own code behind HTTP, without the services around it. */
export type MetadataServer = {
  /** Somebody new, of the one tenant that there is. */
  newOwner(): Promise<DriveOwner>;
  /** A client of this server for somebody whose token another one on the same database takes. */
  clientOf(token: TokenSource): Client;
  /** Requests refused as `unavailable` so far, those that were repeated with success included. */
  refusals(): number;
  close(): Promise<void>;
};

const serviceKey = 'a service key of at least thirty-two bytes';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** Starts metadata on a database that is migrated, without hot answers or with them in `answers`. The caller closes both. */
export async function startMetadata(database: Database, answers?: AnswerStore): Promise<MetadataServer> {
  const tenantId = newId(parseTenantId);
  const keys = createKeySource({ fetch: () => Promise.resolve({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] }) });
  const { service, stop } = await createMetadata({
    database,
    answers,
    auth: createClient({ transport: () => Promise.reject(new Error('nobody is removed here')) }),
    serviceKey,
    log: createLogger({ service: 'metadata', level: 'silent' }),
    registry: new Registry(),
    authenticator: createAuthenticator({ keys, serviceKey }),
  });
  const { port } = await service.listenInternal({ host: '127.0.0.1', port: 0 });
  let refused = 0;
  const overHttp = httpTransport(`http://127.0.0.1:${port}`);
  const transport: Transport = async (request) => {
    const answer = await overHttp(request);
    if (answer.status === 503) refused += 1;
    return answer;
  };
  const admin = createClient({ transport, token: () => signServiceToken(serviceKey, { caller: 'admin' }) });
  await admin.call(routes.putTenantInMetadata, { params: { tenant: tenantId }, body: { tenantId, name: 'Acme', hosts: [] } });
  return {
    newOwner: () => newOwner(transport, tenantId),
    clientOf: (token) => createClient({ transport, token }),
    refusals: () => refused,
    close: async () => {
      overHttp.close();
      await stop();
    },
  };
}

async function newOwner(transport: Transport, tenantId: TenantId): Promise<DriveOwner> {
  const claims = { sub: newId(parseUserId), sid: newId(parseSessionId), role: 'member' as const, scope: 'write' as const };
  const token: TokenSource = () => signAccessToken(privateKey, 'k1', { ...claims, tid: tenantId }, Date.now(), Date.now() + 600_000);
  const user = createClient({ transport, token });
  const upload = createClient({
    transport,
    token: () => signServiceToken(serviceKey, { caller: 'upload', tid: tenantId, act: claims }),
  });
  const [drive] = (await user.call(routes.listDrives)).items;
  if (drive === undefined) throw new Error('nobody is without a home drive');
  return { user, upload, drive, token };
}
