import type { Client } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import type { Link, SentBody } from '@driftbox/protocol';
import type { Flag, Given } from './command.ts';
import type { Connection } from './connect.ts';
import { UsageError } from './exit-codes.ts';
import { readMoment } from './read-moment.ts';
import { findRemote, needEntry, remoteNames } from './remote-path.ts';
import { readNewPassword } from './read-password.ts';

/** Flags of every command that makes a link. */
export const termFlags = {
  password: { description: 'ask for a password, without echo, or read it from standard input' },
  'password-file': { value: 'FILE', description: 'read the password from a file; - is standard input' },
  expires: {
    value: 'WHEN',
    description: 'how long it works (12h, 7d) or until when (2026-01-31T00:00:00Z); without it until it is revoked',
  },
  notify: { description: 'tell me when it is used' },
} as const satisfies Record<string, Flag>;

type Terms = Pick<SentBody<typeof routes.createLink>, 'password' | 'expiresAt' | 'notifyOnUse'>;

/** The terms that the flags state. Asks for a password where one is wanted. */
export async function readTerms(given: Given): Promise<Terms> {
  const file = given.text('password-file');
  const expires = given.text('expires');
  const wanted = given.on('password') || file !== undefined;
  return {
    ...(wanted ? { password: await readNewPassword(file, 'New password of the link: ') } : {}),
    ...(expires === undefined ? {} : { expiresAt: readMoment('--expires', expires, 'after') }),
    notifyOnUse: given.on('notify'),
  };
}

/** What is at a path, as a link names it: the root of a drive too. */
export async function placeOfLink(
  { client, at }: Connection,
  path: string,
): Promise<Pick<SentBody<typeof routes.createLink>, 'drive' | 'entry'>> {
  const { drive, names } = await at(remoteNames(path));
  const found = await findRemote(client, drive, names);
  const entry = found.at === 'root' ? drive.rootId : (await needEntry(client, drive, names)).entryId;
  return { drive: drive.drive, entry };
}

/** Where people go with a link; nothing for who did not make it. */
export function addressOf(server: string, link: Pick<Link, 'path'>): string | undefined {
  return link.path === undefined ? undefined : server + link.path;
}

/** The link that an id or an address of one's own means. */
export async function findLink(client: Client, text: string): Promise<Link> {
  const token = tokenOf(text);
  if (token === undefined) return client.call(routes.getLink, { params: { link: text } });
  for await (const link of allLinks(client, {})) if (link.path?.endsWith(`/${token}`) === true) return link;
  throw new UsageError('this is no address of a link of yours');
}

/** Every link that fits, page by page. */
export async function* allLinks(client: Client, query: { readonly entry?: string; readonly of?: 'everybody' }): AsyncGenerator<Link> {
  let cursor: string | undefined;
  do {
    const page = await client.call(routes.listLinks, { query: { ...query, cursor, limit: 500 } });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** The secret in the address of a link; `undefined` for what is no such address. */
export function tokenOf(text: string): string | undefined {
  return /^https?:\/\/[^/]+\/v1\/shared\/([A-Za-z0-9_-]{16,128})\/?$/.exec(text)?.[1];
}
