import { entryKinds, parseEntryId, type EntryId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import {
  linkPolicy,
  Problem,
  type AnswerOf,
  type CheckedOperation,
  type LinkClaims,
  type LinkedEntry,
  type Routes,
} from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { presentDrive, type AccessRow } from './present-drive.ts';
import { goneFrom, notHere } from './read-entries.ts';
import { stored, type ShownRow } from './store/entry-row.ts';
import { listChildren, listDescendants } from './store/list-entries.ts';
import { readLinkContext, readLinked, type LinkContextRow, type LinkedRow } from './store/read-linked.ts';

/** Who wants to make a link, or who holds one: then `link` confines them, and the user is who made it. */
export type LinkAsker = Asker & { readonly link: LinkClaims | undefined };

type Described = AnswerOf<Routes['describeLinked']>;

/**
 * An entry for who may make links to it, or for the holder of a link that leads to it. The holder is told `not_found` as soon as
 * the link's creator could no longer make it: without a role that allows it, suspended, or under a tenant that allows no links.
 * `moved` says where the link's own entry is now, for share to ask there: it opens nothing by itself.
 */
export async function describeLinked(database: Database, asker: LinkAsker, entryId: EntryId): Promise<Described> {
  try {
    return await database.transaction(asker.tenantId, (tx) => requireLinked(tx, asker, entryId), { readOnly: true, signal: asker.signal });
  } catch (error) {
    const { link, driveId } = asker;
    const isGone = error instanceof Problem && error.code === 'not_found';
    if (!isGone || link?.entry !== entryId || link.drive !== driveId) throw error;
    const gone = await goneFrom(database, asker, entryId);
    throw gone.code === 'moved' ? gone : error;
  }
}

/** The same within a transaction. Throws `not_found`, and `permission_denied` to who is confined by no link. */
export async function requireLinked(tx: Transaction, asker: LinkAsker, entryId: EntryId): Promise<Described> {
  const { tenantId, driveId, userId, link } = asker;
  if (link !== undefined && link.drive !== driveId) throw notHere();
  const [drive, found, context] = await Promise.all([
    requireDrive(tx, asker, 'link').catch((error: unknown) => {
      throw link !== undefined && error instanceof Problem && error.code === 'permission_denied' ? notHere() : error;
    }),
    tx.query<LinkedRow>(readLinked, [tenantId, driveId, entryId, link?.entry ?? null]),
    tx.query<LinkContextRow>(readLinkContext, [tenantId, userId]),
  ]);
  const entry = entryOf(drive, found.rows[0], entryId, link);
  const about = context.rows[0];
  const policy = linkPolicy.parse(about?.policy ?? {});
  if (!mayLink(about, policy.allowed))
    throw link === undefined ? new Problem('permission_denied', 'The tenant allows no links') : notHere();
  const { driveEpoch, role } = presentDrive(drive);
  return { entry, driveEpoch, role, policy, sharedBy: about?.user_name ?? '', mostLinks: about?.most_links ?? Number.MAX_SAFE_INTEGER };
}

/** A user of whom nothing was heard yet has just come: their token was good. */
function mayLink(about: LinkContextRow | undefined, allowed: boolean): boolean {
  return allowed && (about?.user_state ?? 'active') === 'active';
}

/** The folder of the whole drive is no row, and lies below nothing. */
function entryOf(drive: AccessRow, row: LinkedRow | undefined, entryId: EntryId, link: LinkClaims | undefined): LinkedEntry {
  if (drive.root_id === entryId && (link === undefined || link.entry === entryId)) return { entryId, kind: 'folder', name: drive.name };
  const shown = row === undefined ? undefined : presentLinked(row);
  if (shown === undefined) throw notHere();
  return shown;
}

/** `undefined` for what links do not show: symbolic links and mounts lead elsewhere. */
function presentLinked(row: LinkedRow | ShownRow): LinkedEntry | undefined {
  const kind = entryKinds[row.kind];
  const common = {
    entryId: stored(parseEntryId, row.entry_id),
    name: row.name,
    rev: row.rev,
    modifiedAt: new Date(row.modified_at).toISOString(),
  };
  if (kind === 'folder') return { kind, ...common };
  if (kind !== 'file') return undefined;
  return { kind, ...common, sizeBytes: row.size_bytes ?? 0, mtime: new Date(row.mtime_ms ?? 0).toISOString() };
}

/** What the holder of a link is shown in a folder, by name. Throws `not_found`. */
export async function listLinkedChildren(
  database: Database,
  asker: LinkAsker,
  folder: EntryId,
  query: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<AnswerOf<Routes['listLinkedChildren']>> {
  const [after] = keysOf(query.cursor, ['string']) ?? [null];
  const rows = await listInside<ShownRow>(database, asker, folder, (tx) =>
    tx.query(listChildren, [asker.tenantId, asker.driveId, folder, after, query.limit + 1]),
  );
  const page = pageFrom(rows, query.limit, presentLinked, (row) => [row.name]);
  return { ...page, items: page.items.filter((item) => item !== undefined) };
}

/** What they are shown anywhere below it, parents first. */
export async function listLinkedDescendants(
  database: Database,
  asker: LinkAsker,
  folder: EntryId,
  query: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<AnswerOf<Routes['listLinkedDescendants']>> {
  const [depth, id] = keysOf(query.cursor, ['number', 'string']) ?? [null, null];
  const rows = await listInside<ShownRow & { depth: number }>(database, asker, folder, (tx) =>
    tx.query(listDescendants, [asker.tenantId, asker.driveId, folder, depth, id, query.limit + 1]),
  );
  const present = (row: ShownRow) => {
    const shown = presentLinked(row);
    return shown === undefined ? undefined : { ...shown, parentId: stored(parseEntryId, row.parent_id) };
  };
  const page = pageFrom(rows, query.limit, present, (row) => [row.depth, row.entry_id]);
  return { ...page, items: page.items.filter((item) => item !== undefined) };
}

async function listInside<Row>(
  database: Database,
  asker: LinkAsker,
  folder: EntryId,
  list: (tx: Transaction) => Promise<{ readonly rows: Row[] }>,
): Promise<Row[]> {
  if (asker.link?.role !== 'viewer') throw notHere();
  return database.transaction(
    asker.tenantId,
    async (tx) => {
      const [{ entry }, { rows }] = await Promise.all([requireLinked(tx, asker, folder), list(tx)]);
      if (entry.kind !== 'folder') throw notHere();
      return rows;
    },
    { readOnly: true, signal: asker.signal },
  );
}

/** True where a commit does nothing that a link does not allow: files that were not there, straight into its folder. */
export function linkAllows(link: LinkClaims, operations: readonly CheckedOperation[]): boolean {
  return (
    link.role === 'uploader' &&
    operations.every((operation) => operation.op === 'putFile' && operation.baseRev === null && operation.parentId === link.entry)
  );
}
