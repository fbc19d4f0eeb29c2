import { watch } from 'node:fs';
import { connectHints } from '@driftbox/api-client';
import type { Hints, HintsOptions } from '@driftbox/api-client';
import type { OpenFolder } from '../folder/open-folder.ts';
import { waitingPaths, writeStatus } from '../folder/folder-status.ts';
import type { FolderStatus } from '../folder/folder-status.ts';
import type { StateFolder } from '../folder/state-folder.ts';
import { headRead } from '../observe-remote.ts';
import type { PassResult } from '../pass.ts';
import { watchFolder } from '../watch/watch-folder.ts';
import { Daemon } from './run-daemon.ts';

/** The file whose presence says that a person wants sync to rest. */
export const pausedFile = 'paused';

/** How syncing a folder ended: everything that can be is in sync, or why not. */
export type SyncEnd = { readonly end: 'in_sync' | 'waiting' | 'offline' | 'halted' | 'stopped'; readonly reason?: string };

/** What syncing one folder takes besides the open folder. */
export type SyncTask = {
  readonly open: OpenFolder;
  readonly state: StateFolder;
  /** Hears how it stands, whenever that changes. */
  readonly told: (status: FolderStatus) => void;
  readonly signal: AbortSignal;
  /** Where hints come from; without it the server is asked only now and then. */
  readonly hints?: Pick<HintsOptions, 'address' | 'token'>;
};

/** Brings folder and drive together once. */
export async function syncOnce(task: SyncTask): Promise<SyncEnd> {
  const teller = new Teller(task);
  try {
    for (;;) {
      teller.tell({ result: 'running' });
      const result = await task.open.loop.run();
      task.signal.throwIfAborted();
      const status = teller.tell(result);
      if (result.result !== 'moved') return endOf(status);
    }
  } finally {
    teller.stopped();
  }
}

/** Keeps folder and drive together until the signal ends it, or a person has to decide. */
export async function syncForever(task: SyncTask): Promise<SyncEnd> {
  const { open, state, signal } = task;
  const teller = new Teller(task);
  const paused = (): boolean => state.read(pausedFile) !== undefined;
  const daemon = new Daemon({ loop: open.loop, paused, tell: (result) => void teller.tell(result), signal });
  const watching = await watchFolder(open.path, daemon.listener);
  // Pausing and resuming are a file that comes and goes.
  const control = watch(state.path, { persistent: false }, (_kind, name) => {
    if (name === pausedFile) daemon.call();
  });
  const hints = task.hints === undefined ? undefined : hear(task, task.hints, daemon);
  try {
    const result = await daemon.run();
    return result?.result === 'halted' ? { end: 'halted', reason: result.reason } : { end: 'stopped' };
  } finally {
    await hints?.close();
    control.close();
    await watching.watcher?.close();
    teller.stopped();
  }
}

/** Wakes the daemon when the server is ahead of what was read, and when it can be reached again. */
function hear({ open: { drive: mine, news, store } }: SyncTask, options: Pick<HintsOptions, 'address' | 'token'>, daemon: Daemon): Hints {
  return connectHints({
    ...options,
    onHint: ({ drive, driveEpoch, seq }) => {
      if (drive !== mine) return;
      news.heard({ epoch: driveEpoch, seq });
      if (news.mayBe(headRead(store))) daemon.call();
    },
    onDrivesChanged: () => {},
    onState: (state) => {
      const live = state === 'socket' || state === 'polling';
      news.connected(live);
      if (live) daemon.call();
    },
  });
}

function endOf({ state, reason }: FolderStatus): SyncEnd {
  const end = state === 'in_sync' || state === 'waiting' || state === 'offline' || state === 'halted' ? state : 'stopped';
  return { end, ...(reason === undefined ? {} : { reason }) };
}

/** Writes down how a folder stands, and says so. */
class Teller {
  readonly #task: SyncTask;
  #inSyncAt: string | undefined;
  #last: FolderStatus | undefined;

  constructor(task: SyncTask) {
    this.#task = task;
  }

  tell(result: PassResult | { readonly result: 'paused' } | { readonly result: 'running' }): FolderStatus {
    const { open } = this.#task;
    const waiting = waitingPaths(open.loop.waiting(), open.unusable(), open.store);
    const at = new Date().toISOString();
    const state = stateOf(result, waiting.length > 0);
    if (state === 'in_sync') this.#inSyncAt = at;
    const reason = 'reason' in result ? result.reason : undefined;
    return this.#write({ pid: process.pid, state, reason, at, inSyncAt: this.#inSyncAt, waiting });
  }

  /** For others to read: a halt stays said after the process has ended, anything else is no longer so. */
  stopped(): void {
    if (this.#last === undefined || this.#last.state === 'halted') return;
    writeStatus(this.#task.state, { ...this.#last, state: 'stopped', at: new Date().toISOString() });
  }

  #write(status: FolderStatus): FolderStatus {
    const last = this.#last;
    this.#last = status;
    writeStatus(this.#task.state, status);
    if (last?.state !== status.state || last.reason !== status.reason || last.waiting.length !== status.waiting.length)
      this.#task.told(status);
    return status;
  }
}

function stateOf(
  result: PassResult | { readonly result: 'paused' } | { readonly result: 'running' },
  waits: boolean,
): FolderStatus['state'] {
  switch (result.result) {
    case 'paused':
    case 'offline':
    case 'halted':
      return result.result;
    case 'running':
    case 'moved':
      return 'syncing';
    case 'quiet':
      return waits ? 'waiting' : 'in_sync';
  }
}
