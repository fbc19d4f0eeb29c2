import { parseUserId, type EntryId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { Problem, maxTags, type Tag } from '@driftbox/protocol';
import { requireEntry, type Asker } from './access-drive.ts';
import { goneFrom } from './read-entries.ts';
import { searchName } from './search-name.ts';
import { stored, type EntryRow } from './store/entry-row.ts';
import { readEntry } from './store/read-entry.ts';
import { dropTag, holdTagged, listTags as listSql, writeTag, type TagRow } from './store/tags.ts';

/** The tags of an entry, for who may read it. */
export async function listTags(database: Database, asker: Asker, entryId: EntryId): Promise<Tag[]> {
  const [, found, tags] = await database.transaction(
    asker.tenantId,
    (tx) =>
      Promise.all([
        requireEntry(tx, asker, entryId, 'read'),
        tx.query<EntryRow>(readEntry, [tx.tenantId, asker.driveId, entryId]),
        tx.last<TagRow>(listSql, [tx.tenantId, entryId]),
      ]),
    { readOnly: true, signal: asker.signal },
  );
  if (found.rows.length === 0) throw await goneFrom(database, asker, entryId);
  return tags.rows.map(presentTag);
}

/** Tags an entry, or gives a tag of that name another spelling and value. Throws `too_large` for one tag too many. */
export async function putTag(database: Database, asker: Asker, entryId: EntryId, tag: string, value: string | undefined): Promise<Tag> {
  const key = searchName(tag);
  const said = value === undefined ? [null, null] : [searchName(value), value];
  return change(database, asker, entryId, async (tx) => {
    const { rows } = await tx.last<TagRow>(writeTag, [tx.tenantId, entryId, key, tag, ...said, asker.userId, maxTags]);
    if (rows[0] === undefined) throw new Problem('too_large', `An entry has ${maxTags} tags at most`);
    return presentTag(rows[0]);
  });
}

/** Takes a tag off an entry, whether it was there or not. */
export async function removeTag(database: Database, asker: Asker, entryId: EntryId, tag: string): Promise<void> {
  await change(database, asker, entryId, (tx) => tx.last(dropTag, [tx.tenantId, entryId, searchName(tag)]));
}

/** Changes the tags of a live entry under its lock, for who may write it. */
async function change<T>(database: Database, asker: Asker, entryId: EntryId, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const done = await database.transaction(
    asker.tenantId,
    async (tx) => {
      const [, held] = await Promise.all([
        requireEntry(tx, asker, entryId, 'write'),
        tx.query(holdTagged, [tx.tenantId, asker.driveId, entryId]),
      ]);
      return held.rows.length === 0 ? undefined : { answer: await work(tx) };
    },
    { signal: asker.signal, idempotent: true },
  );
  if (done === undefined) throw await goneFrom(database, asker, entryId);
  return done.answer;
}

function presentTag({ tag, value, set_by, set_at }: TagRow): Tag {
  return { tag, ...(value === null ? {} : { value }), by: stored(parseUserId, set_by), at: new Date(set_at).toISOString() };
}
