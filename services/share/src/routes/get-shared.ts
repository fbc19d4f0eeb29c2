import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { describe, findLink, needsPassword, noLink } from '../enter-link.ts';
import { linkState } from '../link-state.ts';
import { termsOf } from '../present-link.ts';
import { visitOf } from './visit.ts';

/** Says what a link leads to; with a password, only to who gave it. */
export function bindGetShared(context: Context): RouteBinding {
  return handle(routes.getShared, async (request) => {
    const visit = visitOf(request);
    const link = await findLink(context, visit);
    if (linkState(termsOf(link), context.nowMs()) !== 'active') throw noLink();
    if (needsPassword(context, link, visit.pass)) return { needsPassword: true as const };
    const { entry, sharedBy } = (await describe(context, visit, link, link.entryId)).described;
    const { role, expiresMs, maxDownloads, downloads } = link;
    return {
      needsPassword: false as const,
      role,
      entry,
      sharedBy,
      ...(expiresMs === null ? {} : { expiresAt: new Date(expiresMs).toISOString() }),
      ...(maxDownloads === null ? {} : { downloadsLeft: Math.max(0, maxDownloads - downloads) }),
    };
  });
}
