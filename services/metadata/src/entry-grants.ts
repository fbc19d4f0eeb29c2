import { parseUserId, type EntryId, type EntryRole, type SubjectId } from '@driftbox/domain';
import { appendOutbox, type Database, type Transaction } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Grant, type GrantedEntry, type Routes } from '@driftbox/protocol';
import { requireEntry, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { entryGrantChanged } from './events.ts';
import { granteeOf, peopleOf, type Wanted } from './grantee.ts';
import { presentEntry } from './present-entry.ts';
import { presentGrant } from './present-grant.ts';
import { goneFrom } from './read-entries.ts';
import { dropEntryGrant, listEntryGrants as listSql, listGranted, readEntryGrant, writeEntryGrant } from './store/entry-grants.ts';
import { stored, type EntryRow } from './store/entry-row.ts';
import type { GrantRow } from './store/grants.ts';
import { lockDrive } from './store/lock-drive.ts';
import { present } from './store/present.ts';
import { readEntry } from './store/read-entry.ts';

type Page = { readonly cursor?: string | undefined; readonly limit: number };

/** Who holds a role on an entry itself, by name; what is held on a folder above it is not told here. */
export async function listEntryGrants(
  database: Database,
  asker: Asker,
  entryId: EntryId,
  { cursor, limit }: Page,
): Promise<AnswerOf<Routes['listEntryGrants']>> {
  const [name, subject] = keysOf(cursor, ['string', 'string']) ?? [null, null];
  const rows = await read(database, asker, entryId, (tx) => tx.query<GrantRow>(listSql, [tx.tenantId, entryId, name, subject, limit + 1]));
  return pageFrom(rows, limit, presentGrant, (row) => [row.name, row.subject]);
}

/** The role that one person or group holds on an entry itself. */
export async function getEntryGrant(database: Database, asker: Asker, entryId: EntryId, subject: SubjectId): Promise<Grant> {
  const [row] = await read(database, asker, entryId, (tx) => tx.query<GrantRow>(readEntryGrant, [tx.tenantId, entryId, subject]));
  if (row === undefined) throw noRole();
  return presentGrant(row);
}

/**
 * Gives somebody a role on an entry, or another one. Throws `not_found` for an entry that the asker may not know and a person or
 * group that the tenant has not, `permission_denied`, and `moved`.
 */
export async function putEntryGrant(database: Database, asker: Asker, entryId: EntryId, wanted: Wanted, role: EntryRole): Promise<Grant> {
  const work = async (tx: Transaction): Promise<Grant | undefined> => {
    const entry = await hold(tx, asker, entryId, 'grantEntry');
    if (entry === undefined) return undefined;
    const { subject } = await granteeOf(tx, wanted);
    const before = await grantOn(tx, entryId, subject);
    if (before?.role !== role) {
      tx.defer(writeEntryGrant, [tx.tenantId, entryId, subject, role, asker.userId]);
      appendOutbox(tx, entryGrantChanged(asker, { ...entry, subject, role, people: await peopleOf(tx, subject) }));
    }
    return presentGrant(present(await grantOn(tx, entryId, subject)));
  };
  const done = await database.transaction(asker.tenantId, work, { signal: asker.signal, idempotent: true });
  if (done === undefined) throw await goneFrom(database, asker, entryId);
  return done;
}

/** Takes somebody's role on an entry away, or gives up the asker's own; the next request knows. Throws as `putEntryGrant`. */
export async function removeEntryGrant(database: Database, asker: Asker, entryId: EntryId, subject: SubjectId): Promise<void> {
  const work = async (tx: Transaction): Promise<boolean> => {
    const entry = await hold(tx, asker, entryId, subject === asker.userId ? 'read' : 'grantEntry');
    if (entry === undefined) return false;
    if ((await grantOn(tx, entryId, subject)) === undefined) throw noRole();
    tx.defer(dropEntryGrant, [tx.tenantId, entryId, subject]);
    appendOutbox(tx, entryGrantChanged(asker, { ...entry, subject, role: null, people: await peopleOf(tx, subject) }));
    return true;
  };
  const done = await database.transaction(asker.tenantId, work, { signal: asker.signal });
  if (!done) throw await goneFrom(database, asker, entryId);
}

type GrantedRow = EntryRow & {
  readonly role: EntryRole;
  readonly granted_by: string;
  readonly granted_by_name: string;
  readonly granted_at: number;
  readonly epoch: string;
  readonly head: number;
};

/** The entries that the asker was let in to, by themselves or through a group. */
export async function listGrantedEntries(
  database: Database,
  { tenantId, userId, signal }: Pick<Asker, 'tenantId' | 'userId' | 'signal'>,
  { cursor, limit }: Page,
): Promise<AnswerOf<Routes['listGrantedEntries']>> {
  const [name, id] = keysOf(cursor, ['string', 'string']) ?? [null, null];
  const { rows } = await database.withTenant<GrantedRow>(tenantId, listGranted, [tenantId, userId, name, id, limit + 1], { signal });
  return pageFrom(rows, limit, presentGranted, (row) => [row.name, row.entry_id]);
}

function presentGranted(row: GrantedRow): GrantedEntry {
  return {
    entry: presentEntry(row),
    role: row.role,
    grantedBy: stored(parseUserId, row.granted_by),
    grantedByName: row.granted_by_name,
    grantedAt: new Date(row.granted_at).toISOString(),
    driveEpoch: row.epoch,
    seq: row.head,
  };
}

const noRole = (): Problem => new Problem('not_found', 'There is no such role on the entry');

async function grantOn(tx: Transaction, entryId: EntryId, subject: SubjectId): Promise<GrantRow | undefined> {
  return (await tx.query<GrantRow>(readEntryGrant, [tx.tenantId, entryId, subject])).rows[0];
}

/** Holds the entry's drive until the transaction ends, so that the entry stays in it; `undefined` where it is not, or in the trash. */
async function hold(tx: Transaction, asker: Asker, entryId: EntryId, verb: 'read' | 'grantEntry') {
  tx.defer(lockDrive, [tx.tenantId, asker.driveId]);
  const [, { rows }] = await Promise.all([
    requireEntry(tx, asker, entryId, verb),
    tx.query<EntryRow>(readEntry, [tx.tenantId, asker.driveId, entryId]),
  ]);
  const [entry] = rows;
  return entry === undefined || entry.trashed_seq !== null ? undefined : { entryId, entryName: entry.name };
}

async function read<Row>(
  database: Database,
  asker: Asker,
  entryId: EntryId,
  list: (tx: Transaction) => Promise<{ readonly rows: Row[] }>,
): Promise<Row[]> {
  const [, found, { rows }] = await database.transaction(
    asker.tenantId,
    (tx) =>
      Promise.all([
        requireEntry(tx, asker, entryId, 'read'),
        tx.query<EntryRow>(readEntry, [tx.tenantId, asker.driveId, entryId]),
        list(tx),
      ]),
    { readOnly: true, signal: asker.signal },
  );
  if (found.rows.length === 0) throw await goneFrom(database, asker, entryId);
  return rows;
}
