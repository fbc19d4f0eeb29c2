import { routes } from '@driftbox/protocol';
import { handle, hashSecret, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { findLink, noLink, requireTime } from '../enter-link.ts';
import { answerContent } from '../read-shared.ts';
import { findDownload, type DownloadRow } from '../store/find-download.ts';
import { visitOf } from './visit.ts';

/** Sends the bytes of a download that was counted, or a range of them. */
export function bindReadDownload(context: Context): RouteBinding {
  return handle(routes.readDownload, async (request) => {
    const { tenantId, params, headers, signal } = request;
    const visit = visitOf(request);
    const link = await findLink(context, visit);
    requireTime(context, link);
    const values = [tenantId, link.linkId, hashSecret(params.download), new Date(context.nowMs())];
    const [download] = (await context.database.withTenant<DownloadRow>(tenantId, findDownload, values, { signal })).rows;
    if (download === undefined) throw noLink();
    return answerContent(context, visit, link, download, headers);
  });
}
