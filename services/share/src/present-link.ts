import type { TenantId, UserId } from '@driftbox/domain';
import type { Link } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { linkState, type LinkTerms } from './link-state.ts';
import { isToken, linkToken } from './link-token.ts';
import type { LinkRow } from './store/link-row.ts';

const time = (ms: number): string => new Date(ms).toISOString();

/** The terms of a link as it is stored. */
export function termsOf({ createdMs, expiresMs, maxDownloads, downloads, passwordHash }: LinkRow): LinkTerms {
  return { createdMs, expiresMs, maxDownloads, downloads, hasPassword: passwordHash !== null };
}

/** A link for who manages it; where it leads only for its creator, and while the cell's secret is the one it was made under. */
export function presentLink(context: Context, tenantId: TenantId, link: LinkRow, asker: UserId): Link {
  const token = link.creator === asker ? linkToken(context.linkSecret, tenantId, link.linkId) : undefined;
  return {
    linkId: link.linkId,
    ...(token === undefined || !isToken(token, link.tokenHash) ? {} : { path: `/v1/shared/${token}` }),
    drive: link.drive,
    entryId: link.entryId,
    kind: link.kind,
    role: link.role,
    hasPassword: link.passwordHash !== null,
    createdAt: time(link.createdMs),
    createdBy: link.creator,
    ...(link.expiresMs === null ? {} : { expiresAt: time(link.expiresMs) }),
    ...(link.maxDownloads === null ? {} : { maxDownloads: link.maxDownloads }),
    notifyOnUse: link.notifyOnUse,
    state: linkState(termsOf(link), context.nowMs()),
    downloads: link.downloads,
    uploads: link.uploads,
    ...(link.lastUsedMs === null ? {} : { lastUsedAt: time(link.lastUsedMs) }),
  };
}
