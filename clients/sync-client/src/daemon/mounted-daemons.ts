import type { DriveId, EntryId } from '@driftbox/domain';
import type { Mounted } from '../folder/mounted-folders.ts';
import type { OpenFolder } from '../folder/open-folder.ts';
import type { PassResult } from '../pass.ts';
import type { WatchListener } from '../watch/watcher.ts';
import { Daemon } from './run-daemon.ts';

/** What is told to the daemons of drives that show up in a folder. */
export type MountedOptions = {
  readonly open: OpenFolder;
  readonly paused: () => boolean;
  /** Something changed about one of them. */
  readonly tell: () => void;
  readonly signal: AbortSignal;
};

/** Runs a daemon for each drive that shows up in a folder, beside the folder's own: none waits for another's transfers. */
export class MountedDaemons {
  readonly #options: MountedOptions;
  readonly #daemons = new Map<EntryId, { readonly mounted: Mounted; readonly daemon: Daemon }>();
  #connected = false;

  constructor(options: MountedOptions) {
    this.#options = options;
  }

  /** Starts what is new, after each run of the folder's own loop; what is over was closed. */
  async refresh(): Promise<void> {
    const { open } = this.#options;
    await open.mounted.refresh(open);
    const there = new Set(open.mounted.all());
    for (const [entryId, { mounted }] of this.#daemons) if (!there.has(mounted)) this.#daemons.delete(entryId);
    for (const mounted of there) if (!this.#daemons.has(mounted.entryId)) this.#start(mounted);
  }

  /** What a watcher of the whole folder reports. */
  readonly listener: WatchListener = {
    changed: (paths) => {
      for (const { mounted, daemon } of this.#daemons.values()) {
        const inside = `${mounted.path}/`;
        daemon.listener.changed(paths.filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length)));
      }
    },
    overflowed: () => this.call(),
  };

  call(): void {
    for (const { daemon } of this.#daemons.values()) daemon.call();
  }

  /** The server has something new in a drive. */
  hinted(drive: DriveId, hint: { readonly epoch: string; readonly seq: number }): void {
    for (const { mounted, daemon } of this.#daemons.values()) {
      if (mounted.drive !== drive) continue;
      mounted.open.news.heard(hint);
      daemon.call();
    }
  }

  connected(live: boolean): void {
    this.#connected = live;
    for (const { mounted } of this.#daemons.values()) mounted.open.news.connected(live);
    if (live) this.call();
  }

  #start(mounted: Mounted): void {
    const { paused, signal } = this.#options;
    mounted.open.news.connected(this.#connected);
    const daemon = new Daemon({
      loop: { run: () => runMounted(mounted) },
      paused,
      tell: () => this.#options.tell(),
      signal: AbortSignal.any([signal, mounted.ends.signal]),
    });
    this.#daemons.set(mounted.entryId, { mounted, daemon });
    mounted.busy = daemon.run().catch((error: unknown) => (mounted.last = offline(error)));
  }
}

/**
 * Brings a mounted drive and its folder together. What cannot go on there (the drive may not be seen any longer, the folder was moved a
 * moment ago) holds up nothing else: it is told, and tried again.
 */
export async function runMounted(mounted: Mounted): Promise<PassResult> {
  try {
    mounted.last = await mounted.open.loop.run();
  } catch (error) {
    if (mounted.ends.signal.aborted) throw error;
    mounted.last = offline(error);
  }
  return mounted.last;
}

function offline(error: unknown): PassResult {
  return { result: 'offline', reason: error instanceof Error ? error.message : String(error) };
}
