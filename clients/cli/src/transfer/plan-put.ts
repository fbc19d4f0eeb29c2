import type { Entry } from '@driftbox/protocol';
import { keyOf } from './local-item.ts';
import type { LeftOut, LocalFile, LocalItem, RelativePath } from './local-item.ts';

/** A file as the server shows it. */
export type FileEntry = Extract<Entry, { kind: 'file' }>;
type SymlinkEntry = Extract<Entry, { kind: 'symlink' }>;
type Item<Kind extends LocalItem['kind']> = Extract<LocalItem, { kind: Kind }>;

/** One file to send, and what the server holds in its place. */
export type FileStep = { readonly item: Item<'file'>; readonly base: FileEntry | undefined };
/** One link to send, likewise. */
export type SymlinkStep = { readonly item: Item<'symlink'>; readonly base: SymlinkEntry | undefined };

/** What must happen on the server so that it holds what is here. Folders come before what they hold. */
export type PutPlan = {
  readonly folders: readonly Item<'folder'>[];
  readonly symlinks: readonly SymlinkStep[];
  readonly files: readonly FileStep[];
  /** Files that are the same already. */
  readonly unchanged: number;
  readonly leftOut: readonly LeftOut[];
};

/** How closely files are compared. */
export type PutRules = {
  /** Read and hash files even where size, time and executable bit say that they are the same. */
  readonly checksum: boolean;
};

/**
 * Compares what is here with what is on the server, path by path. A file is the same when size, modification time (in
 * milliseconds) and executable bit are. Nothing on the server is deleted, and nothing becomes another kind of thing: what
 * is a folder there and a file here is left out with a reason, and so is all below it.
 */
export function planPut(local: Iterable<LocalItem>, remote: ReadonlyMap<string, { readonly entry: Entry }>, rules: PutRules): PutPlan {
  const plan = {
    folders: [] as Item<'folder'>[],
    symlinks: [] as SymlinkStep[],
    files: [] as FileStep[],
    unchanged: 0,
    leftOut: [] as LeftOut[],
  };
  const blocked = new Set<string>();
  for (const item of local) {
    if (isBelow(item.names, blocked)) {
      if (item.kind === 'folder') blocked.add(keyOf(item.names));
      plan.leftOut.push({ path: item.path, why: 'its folder could not be put', fault: true });
      continue;
    }
    const base = remote.get(keyOf(item.names))?.entry;
    if (base !== undefined && base.kind !== item.kind) {
      if (item.kind === 'folder') blocked.add(keyOf(item.names));
      plan.leftOut.push({ path: item.path, why: `is a ${item.kind} here and a ${base.kind} on the server`, fault: true });
    } else if (item.kind === 'folder') {
      if (base === undefined) plan.folders.push(item);
    } else if (item.kind === 'symlink') {
      const there = base as SymlinkEntry | undefined;
      if (there?.target === item.target) plan.unchanged += 1;
      else plan.symlinks.push({ item, base: there });
    } else {
      const there = base as FileEntry | undefined;
      if (there !== undefined && !rules.checksum && looksSame(item, there)) plan.unchanged += 1;
      else plan.files.push({ item, base: there });
    }
  }
  return plan;
}

/** The quick comparison: size, time and executable bit, no bytes. */
export function looksSame(local: LocalFile, remote: FileEntry): boolean {
  return local.sizeBytes === remote.sizeBytes && local.mtimeMs === Date.parse(remote.mtime) && local.executable === remote.executable;
}

function isBelow(names: RelativePath, blocked: ReadonlySet<string>): boolean {
  return names.length > 0 && blocked.has(keyOf(names.slice(0, -1)));
}
