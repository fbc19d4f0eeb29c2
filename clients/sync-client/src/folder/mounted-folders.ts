import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DriveId, EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { clearSynced } from '../clear-synced.ts';
import { subtreeOf } from '../drop-subtree.ts';
import { reasonOf } from '../disk/outcome-of-error.ts';
import { removeIfEmpty } from '../disk/remove-if-empty.ts';
import { ownFolder, stashFolder } from '../disk/traits.ts';
import { below } from '../local-path.ts';
import type { Disk, LocalPath, Stat } from '../ports/disk.ts';
import type { Ended, FolderRows, Mounts } from '../ports/mounts.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { endFolder, planMounts, type DueMount, type RunningMount } from '../plan-mounts.ts';
import type { PassResult } from '../pass.ts';
import type { FolderOptions, OpenFolder } from './open-folder.ts';
import type { FolderSettings, StateFolder } from './state-folder.ts';

/** A drive that shows up in the synced folder, as it is synced right now. */
export type Mounted = RunningMount & {
  readonly drive: DriveId;
  readonly open: OpenFolder;
  /** Ends what its loop is at. */
  readonly ends: AbortController;
  /** What its loop is at; it is closed only after that. */
  busy: Promise<unknown>;
  /** What its last run came to; `undefined` while the first is under way. */
  last: PassResult | undefined;
};

/** Folders of shared drives inside a synced folder: each is opened like one of its own, with its own store, lock and stash. */
export class MountedFolders implements Mounts {
  readonly #options: FolderOptions;
  readonly #openFolder: (options: FolderOptions) => OpenFolder;
  readonly #mounted = new Map<EntryId, Mounted>();
  /** Something was put into the folder around them since it was asked for. */
  #hasLeft = false;

  /** `options` are those of the folder around them, `openFolder` what opens one. */
  constructor(options: FolderOptions, openFolder: (options: FolderOptions) => OpenFolder) {
    this.#options = options;
    this.#openFolder = openFolder;
  }

  all(): readonly Mounted[] {
    return [...this.#mounted.values()];
  }

  /** Whether anything was left in the folder around them since this was asked last: it is due to be looked at. */
  hasLeft(): boolean {
    const hasLeft = this.#hasLeft;
    this.#hasLeft = false;
    return hasLeft;
  }

  /**
   * Opens what is mounted by now and closes what is not, or is elsewhere. What cannot be opened is told and tried again the next time.
   */
  async refresh(around: Pick<OpenFolder, 'store' | 'rootId' | 'disk'>): Promise<void> {
    const { state, signal, note } = this.#options;
    const { over, forgotten, due } = planMounts(around, this.all(), state.mounts());
    for (const mounted of over) await this.#close(mounted);
    for (const entryId of forgotten) rmSync(state.within(entryId).path, { recursive: true, force: true });
    for (const one of due) {
      try {
        await this.#open(one, around.disk);
      } catch (error) {
        if (signal.aborted) throw error;
        note(`${one.path} is not synced for now: ${reasonOf(error)}`);
      }
    }
  }

  take(entryId: EntryId, { local, synced }: FolderRows): void {
    if (this.#options.readOnly === true) return;
    const state = this.#options.state.within(entryId);
    mkdirSync(state.path, { recursive: true, mode: 0o700 });
    const store = openSqliteStore(state.file('state.sqlite'));
    try {
      store.transaction(() => {
        for (const row of local) store.putLocal(row);
        for (const row of synced) store.putSynced(row);
      });
    } finally {
      store.close();
    }
  }

  async give(entryId: EntryId, at: LocalPath, seen: Stat): Promise<FolderRows | undefined> {
    if (this.#options.readOnly === true) return undefined;
    const state = this.#options.state.within(entryId);
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    const settings = state.settings();
    if (settings === undefined || !isThere(this.#absolute(at), seen)) return undefined;
    const { rootId } = settings.drive;
    const own = path.join(this.#absolute(at), ownFolder);
    if (hasStashed(own)) return undefined;
    const store = openSqliteStore(state.file('state.sqlite'));
    try {
      const rows = { local: subtreeOf(store.local, rootId), synced: subtreeOf(store.synced, rootId) };
      rmSync(own, { recursive: true, force: true });
      return rows;
    } finally {
      store.close();
    }
  }

  async forget(entryId: EntryId): Promise<void> {
    if (this.#options.readOnly === true) return;
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    rmSync(this.#options.state.within(entryId).path, { recursive: true, force: true });
  }

  async end(entryId: EntryId, at: LocalPath, seen: Stat): Promise<Ended> {
    const state = this.#options.state.within(entryId);
    const mounted = this.#mounted.get(entryId);
    if (mounted !== undefined) await this.#close(mounted);
    const settings = state.settings();
    const folder = this.#absolute(at);
    const own = path.join(folder, ownFolder);
    try {
      return await endFolder({
        isThere: () => isThere(folder, seen),
        clear: async () => {
          if (settings === undefined) return undefined;
          // An end that was cut short may have taken its marker: what is removed is told by what each thing is, not by that.
          const open = this.#openFolder(this.#optionsFor({ ...settings, path: folder }, state, at, this.#options.signal, false));
          try {
            return await clearSynced({ ...open, nowMs: Date.now });
          } finally {
            await open.close();
          }
        },
        hasStashed: () => hasStashed(own),
        forget: () => {
          for (const one of [own, state.path]) rmSync(one, { recursive: true, force: true });
        },
        remove: () => void removeIfEmpty(folder),
      });
    } catch (error) {
      return { failed: reasonOf(error) };
    }
  }

  async close(): Promise<void> {
    for (const mounted of this.all()) await this.#close(mounted);
  }

  async #open({ entryId, body: { drive }, path: at, stat }: DueMount, disk: Disk): Promise<void> {
    const { client, settings: around } = this.#options;
    const state = this.#options.state.within(entryId);
    const before = state.settings();
    const settings: FolderSettings = {
      path: this.#absolute(at),
      server: around.server,
      drive: before?.drive ?? (await client.call(routes.getDrive, { params: { drive } })),
      marker: before?.marker ?? randomUUID(),
      select: within(around.select, at),
      ignore: around.ignore,
    };
    // Another folder may have that place by now, and must not be taken for this one: the next look tells where it is.
    if ((await disk.stat(at))?.identity !== stat.identity) return;
    const ends = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, ends.signal]);
    const open = this.#openFolder(this.#optionsFor(settings, state, at, signal, before !== undefined));
    state.keepSettings(settings);
    this.#mounted.set(entryId, { entryId, drive, path: at, open, ends, busy: Promise.resolve(), last: undefined });
  }

  #optionsFor(settings: FolderSettings, state: StateFolder, at: LocalPath, signal: AbortSignal, known: boolean): FolderOptions {
    const { tell, note } = this.#options;
    const left = (text: string): void => {
      this.#hasLeft = true;
      note(text);
    };
    return { ...this.#options, left, settings, state, known, signal, tell: (deed) => tell({ ...deed, path: below(at, deed.path) }) };
  }

  async #close(mounted: Mounted): Promise<void> {
    this.#mounted.delete(mounted.entryId);
    mounted.ends.abort();
    await mounted.busy.catch(() => {});
    await mounted.open.close();
  }

  #absolute(at: LocalPath): string {
    return path.join(this.#options.settings.path, ...at.split('/'));
  }
}

/** What a pass put out of the way is people's, though it lies among DriftBox's own things. */
function hasStashed(own: string): boolean {
  const stash = path.join(own, stashFolder);
  return existsSync(stash) && readdirSync(stash).length > 0;
}

/** It may have been moved a moment ago: then the next look finds it, or that it is gone. */
function isThere(folder: string, { identity }: Stat): boolean {
  const now = lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  return now !== undefined && identity.startsWith(`${now.dev}:${now.ino}:`);
}

/** What of the chosen paths lies in a folder, as seen from there; none for all of it. */
function within(chosen: readonly string[], folder: LocalPath): readonly string[] {
  if (chosen.some((one) => one === folder || folder.startsWith(`${one}/`))) return [];
  return chosen.filter((one) => one.startsWith(`${folder}/`)).map((one) => one.slice(folder.length + 1));
}
