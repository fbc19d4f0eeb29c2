import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createClient, type Client } from '@driftbox/api-client';
import { parseCommitId, parseSessionId, type DriveId, type TenantId, type TenantRole, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { routes, type CheckedOperation, type CommitAnswer, type LinkClaims } from '@driftbox/protocol';
import {
  createAuthenticator,
  createKeySource,
  createLogger,
  createService,
  handle,
  signAccessToken,
  signServiceToken,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { localAnswers, type AnswerStore } from '../answer-store.ts';
import { createMetadata, type Metadata } from '../app.ts';

const serviceKey = 'a service key of at least thirty-two bytes';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** A person at the door: their own client, and upload's client acting for them. */
export type Person = { readonly userId: UserId; readonly user: Client; readonly upload: Client };

/** Metadata behind its HTTP pipeline, every answer held against its schema. */
export type Door = Metadata & {
  as(tenantId: TenantId, userId: UserId, role?: TenantRole, scope?: 'read' | 'write'): Person;
  admin: Client;
  /** Share, or upload, for whoever holds a link that this user made; without a link for the user. */
  holder(tenantId: TenantId, creator: UserId, link: LinkClaims | undefined, caller?: 'share' | 'upload'): Client;
  /** Upload without an acting user. */
  bare(tenantId: TenantId): Client;
  /** Accounts that metadata had auth end. */
  readonly ended: UserId[];
};

/** A door to metadata on a database; it keeps hot answers as a process alone does, or else in `answers`. */
export async function openDoor(database: Database, answers: AnswerStore | undefined = localAnswers()): Promise<Door> {
  const keys = createKeySource({ fetch: () => Promise.resolve({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] }) });
  const log = createLogger({ service: 'test', level: 'silent' });
  const authenticator = createAuthenticator({ keys, serviceKey });
  const ended: UserId[] = [];
  // Auth ends whoever it is asked to end; whom it refuses is tested there.
  const endAccount = handle(routes.endAccount, ({ params, body }) => {
    if (!body.dryRun) ended.push(params.user);
    return { known: true };
  });
  const auth = createService({ name: 'auth', bindings: [endAccount], authenticator, log, registry: new Registry() });
  const metadata = await createMetadata({
    database,
    answers,
    auth: createClient({ transport: auth.transport, retry: { attempts: 1 } }),
    serviceKey,
    log,
    registry: new Registry(),
    authenticator,
    checkAnswers: true,
  });
  const { transport } = metadata.service;
  const retry = { attempts: 1 };
  return {
    ...metadata,
    ended,
    as(tenantId, userId, role = 'member', scope = 'write') {
      const claims = { sub: userId, sid: parseSessionId(randomUUID())!, role, scope };
      return {
        userId,
        user: createClient({
          transport,
          retry,
          token: () => signAccessToken(privateKey, 'k1', { ...claims, tid: tenantId }, Date.now(), Date.now() + 60_000),
        }),
        upload: createClient({
          transport,
          retry,
          token: () => signServiceToken(serviceKey, { caller: 'upload', tid: tenantId, act: claims }),
        }),
      };
    },
    holder(tenantId, sub, link, caller = 'share') {
      const act = { sub, sid: parseSessionId(randomUUID())!, role: 'member' as const, scope: 'write' as const };
      return createClient({ transport, retry, token: () => signServiceToken(serviceKey, { caller, tid: tenantId, act, link }) });
    },
    admin: createClient({ transport, retry, token: () => signServiceToken(serviceKey, { caller: 'admin' }) }),
    bare: (tenantId) => createClient({ transport, retry, token: () => signServiceToken(serviceKey, { caller: 'upload', tid: tenantId }) }),
  };
}

type Body = {
  drive: DriveId;
  driveEpoch: string;
  operations: readonly Wire[];
  uploadId?: string;
  atomic?: boolean;
  commitBy?: string;
  commitId?: string;
};
/** An operation before it was parsed: ids are plain strings. */
export type Wire = { op: CheckedOperation['op'] } & Record<string, unknown>;

/** Commits as upload would. */
export function forward(person: Person, { drive, ...body }: Body): Promise<CommitAnswer> {
  const whole = { commitId: parseCommitId(randomUUID())!, commitBy: new Date(Date.now() + 60_000).toISOString(), atomic: false, ...body };
  return person.upload.call(routes.forwardCommit, { params: { drive }, body: whole as never });
}
