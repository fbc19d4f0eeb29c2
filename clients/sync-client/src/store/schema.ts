const body = 'kind INTEGER NOT NULL, list_id TEXT, size_bytes INTEGER, mtime_ms INTEGER, executable INTEGER, target TEXT';
const entry = `entry_id TEXT PRIMARY KEY, parent_id TEXT NOT NULL, name TEXT NOT NULL, ${body}`;

/** Of a pending operation: it was given up and may still arrive. In these words an index has it. */
export const isLate = "operation ->> '$.mayArrive' = 1";
/** Of a pending operation: its entry. */
export const lateEntry = "operation ->> '$.operation.entryId'";

/** Of an entry: another drive shows up there. In these words an index has it. */
export const isMount = 'kind = 4';

/**
 * What each format adds to the one before; a file has the number of steps that were taken as its `user_version`. A step,
 * once released, does not change.
 *
 * `touched` names every entry of which a tree was written since it was last found to be the same in all three: a superset of
 * what differs, so that looking for differences never reads a whole tree.
 */
export const formats: readonly string[] = [
  `
  CREATE TABLE synced (${entry}, rev INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE remote (${entry}, rev INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE local (${entry}, unreadable TEXT, on_disk TEXT NOT NULL, trusted INTEGER NOT NULL,
    stat_kind INTEGER NOT NULL, identity TEXT NOT NULL, stat_size INTEGER NOT NULL, stat_mtime REAL NOT NULL,
    stat_ctime REAL NOT NULL, stat_executable INTEGER NOT NULL, stat_target TEXT);
  CREATE INDEX synced_place ON synced (parent_id, name);
  CREATE INDEX remote_place ON remote (parent_id, name);
  CREATE INDEX local_place ON local (parent_id, name);
  CREATE INDEX local_identity ON local (identity);
  CREATE TABLE touched (entry_id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE provisional (entry_id TEXT PRIMARY KEY, before TEXT) WITHOUT ROWID;
  CREATE TABLE pending (number INTEGER PRIMARY KEY AUTOINCREMENT, write_id TEXT NOT NULL UNIQUE, operation TEXT NOT NULL);
  CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `,
  `CREATE INDEX pending_late ON pending (${lateEntry}) WHERE ${isLate};`,
  `CREATE INDEX local_mounts ON local (entry_id) WHERE ${isMount};`,
  `CREATE INDEX remote_mounts ON remote (entry_id) WHERE ${isMount};`,
];
