import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ignoreFileName, isIgnored, parseIgnoreFile } from '@driftbox/sync-core';
import type { IgnorePattern } from '@driftbox/sync-core';
import type { LocalPath } from '../ports/disk.ts';

/** Bytes of an ignore file that are read; a longer one is none. */
const maxFileBytes = 2 ** 20;
/** A file is looked at again after this time. */
const freshMs = 500;
/** Folders whose files are remembered; beyond it all are forgotten. */
const maxFolders = 10_000;

type Kept = { readonly seenMs: number; readonly stamp: string; readonly patterns: readonly IgnorePattern[] };

/** Decides by the ignore files in a folder as they are on disk now, and by further patterns that hold at its root. */
export class Ignored {
  readonly #root: string;
  readonly #more: readonly IgnorePattern[];
  readonly #kept = new Map<LocalPath, Kept>();

  constructor(root: string, patterns: readonly string[]) {
    this.#root = root;
    this.#more = parseIgnoreFile(patterns.join('\n'));
  }

  /** True for what is left out of sync. `local` is names joined by `/`, without links on the way. */
  has(local: LocalPath, isFolder: boolean): boolean {
    return isIgnored((folder) => this.#patternsIn(folder), local, isFolder);
  }

  #patternsIn(folder: LocalPath): readonly IgnorePattern[] {
    const kept = this.#kept.get(folder);
    const nowMs = performance.now();
    if (kept !== undefined && nowMs - kept.seenMs < freshMs) return kept.patterns;
    if (this.#kept.size >= maxFolders) this.#kept.clear();
    const fresh = this.#look(folder, kept, nowMs);
    this.#kept.set(folder, fresh);
    return fresh.patterns;
  }

  #look(folder: LocalPath, kept: Kept | undefined, seenMs: number): Kept {
    const file = path.join(this.#root, folder, ignoreFileName);
    const more = folder === '' ? this.#more : [];
    try {
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats?.isFile() !== true || stats.size > maxFileBytes) return { seenMs, stamp: '', patterns: more };
      const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
      if (kept?.stamp === stamp) return { ...kept, seenMs };
      return { seenMs, stamp, patterns: [...parseIgnoreFile(readFileSync(file, 'utf8')), ...more] };
    } catch {
      // It cannot be read now: what it said before holds on.
      return kept === undefined ? { seenMs, stamp: '', patterns: more } : { ...kept, seenMs };
    }
  }
}
