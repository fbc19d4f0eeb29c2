import { createHmac } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { withIdempotency, type Transaction } from '@driftbox/postgres';
import { Problem, routes, type AnswerOf, type BodyOf, type LinkPolicy, type Routes } from '@driftbox/protocol';
import { hashPassword, hashSecret, newId, type Actor } from '@driftbox/service-kit';
import { asUser } from './acting.ts';
import type { Context } from './context.ts';
import { linkCreated } from './events.ts';
import { endsAt, policyObjection } from './link-state.ts';
import { linkToken } from './link-token.ts';
import { findById } from './store/find-link.ts';
import { insertLink } from './store/insert-link.ts';
import type { LinkRow } from './store/link-row.ts';

/** Who makes a link, and the key by which they may ask again. */
export type Maker = {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  readonly idempotencyKey: string | undefined;
};

type Asked = BodyOf<Routes['createLink']>;

/**
 * Makes a link, if metadata says that this user may. Once per `Idempotency-Key`; what is kept for a repeat is the link's id, not
 * its secret. Throws `not_found`, `permission_denied`, `invalid_argument`, `quota_exceeded`, `idempotency_mismatch`.
 */
export async function createLink(context: Context, maker: Maker, asked: Asked): Promise<LinkRow> {
  const { tenantId, actor } = maker;
  if (actor.role === 'guest') throw new Problem('permission_denied', 'Guests cannot make links');
  const { entry, policy, mostLinks } = await context.metadata.call(routes.describeLinked, {
    ...asUser(context, maker),
    params: { drive: asked.drive, entry: asked.entry },
  });
  const link = await linkOf(context, maker, asked, { entry, policy });
  return context.database.transaction(
    tenantId,
    async (tx) => {
      const make = async (): Promise<string> => {
        if (!(await insertLink(tx, link, mostLinks)))
          throw new Problem('quota_exceeded', 'The tenant has as many links as it may', {
            details: { limit: 'links', limitLinks: mostLinks },
          });
        linkCreated(tx, link);
        return link.linkId;
      };
      const linkId = await once(context, tx, maker, asked, make);
      return linkId === link.linkId ? link : madeBefore(tx, linkId);
    },
    { signal: maker.signal, idempotent: maker.idempotencyKey !== undefined },
  );
}

async function linkOf(
  context: Context,
  { tenantId, actor }: Maker,
  asked: Asked,
  about: Pick<AnswerOf<Routes['describeLinked']>, 'entry' | 'policy'>,
): Promise<LinkRow> {
  if (asked.role === 'uploader' && about.entry.kind !== 'folder')
    throw new Problem('invalid_argument', 'body.role: files are sent into a folder');
  if (asked.role === 'uploader' && asked.maxDownloads !== undefined)
    throw new Problem('invalid_argument', 'body.maxDownloads: nothing is downloaded through a file request');
  const createdMs = context.nowMs();
  const expiresMs = expiryOf(about.policy, createdMs, asked.expiresAt);
  const hasPassword = asked.password !== undefined;
  const terms = { createdMs, expiresMs, maxDownloads: asked.maxDownloads ?? null, downloads: 0, hasPassword };
  const objection = policyObjection(about.policy, terms, createdMs);
  if (objection !== undefined) throw new Problem('permission_denied', objection);
  const linkId = newId(createdMs);
  return {
    linkId,
    tokenHash: hashSecret(linkToken(context.linkSecret, tenantId, linkId)),
    drive: asked.drive,
    entryId: asked.entry,
    kind: about.entry.kind,
    role: asked.role,
    creator: actor.userId,
    passwordHash: asked.password === undefined ? null : await hashPassword(asked.password, context.passwordCost),
    expiresMs,
    maxDownloads: asked.maxDownloads ?? null,
    notifyOnUse: asked.notifyOnUse,
    downloads: 0,
    uploads: 0,
    createdMs,
    lastUsedMs: null,
  };
}

/** When a link is to end: as asked, at the latest as the tenant says. Throws `invalid_argument` for what has passed or is too late. */
export function expiryOf(policy: LinkPolicy, createdMs: number, asked: string | undefined, nowMs = createdMs): number | null {
  const askedMs = asked === undefined ? null : Date.parse(asked);
  if (askedMs !== null && askedMs <= nowMs) throw new Problem('invalid_argument', 'body.expiresAt: has passed');
  const endsMs = endsAt(policy, createdMs, askedMs);
  if (askedMs !== null && endsMs !== askedMs)
    throw new Problem('invalid_argument', `body.expiresAt: a link of this tenant ends after ${policy.maxDays} days`);
  return endsMs;
}

async function once(
  { linkSecret }: Context,
  tx: Transaction,
  { actor, idempotencyKey: key }: Maker,
  asked: Asked,
  make: () => Promise<string>,
): Promise<string> {
  if (key === undefined) return make();
  // Keyed: a plain hash of the body would be one of its password, too.
  const bodyHash = createHmac('sha256', linkSecret).update(JSON.stringify(asked)).digest();
  const done = await withIdempotency(tx, { actor: actor.userId, route: 'createLink', key, bodyHash }, make);
  if (done.outcome === 'mismatch') throw new Problem('idempotency_mismatch');
  return done.answer;
}

async function madeBefore(tx: Transaction, linkId: string): Promise<LinkRow> {
  const [link] = (await tx.query<LinkRow>(findById, [tx.tenantId, linkId])).rows;
  if (link === undefined) throw new Problem('not_found', 'The link that this request made was revoked');
  return link;
}
