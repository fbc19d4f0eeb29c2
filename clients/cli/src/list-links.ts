import type { Link } from '@driftbox/protocol';
import type { Context } from './command.ts';
import { addressOf, allLinks, placeOfLink } from './link-terms.ts';
import { showTime } from './output.ts';

/** Shows one's links, or everybody's of the tenant to who administers it; those of a file or folder, where it is named. */
export async function listLinks(
  { connect, output }: Context,
  { path, everybody }: { readonly path?: string | undefined; readonly everybody: boolean },
): Promise<void> {
  const connection = await connect();
  const { client, server } = connection;
  const entry = path === undefined ? {} : { entry: (await placeOfLink(connection, path)).entry };
  const items: (Link & { url: string | undefined })[] = [];
  for await (const one of allLinks(client, { ...entry, ...(everybody ? { of: 'everybody' as const } : {}) }))
    items.push({ ...one, url: addressOf(server, one) });
  output.result({ items }, () => items.map((one) => `${one.url ?? one.linkId}  ${termsOf(one).join(', ')}`));
}

/** Its terms and use in words. */
export function termsOf({ kind, role, state, hasPassword, expiresAt, maxDownloads, downloads, uploads }: Link): string[] {
  return [
    role === 'uploader' ? 'file request' : kind,
    ...(state === 'active' ? [] : [state === 'expired' ? 'expired' : 'used up']),
    ...(hasPassword ? ['password'] : []),
    ...(expiresAt === undefined ? [] : [`until ${showTime(expiresAt)}`]),
    role === 'uploader' ? `${uploads} uploads` : `${downloads}${maxDownloads === undefined ? '' : ` of ${maxDownloads}`} downloads`,
  ];
}
