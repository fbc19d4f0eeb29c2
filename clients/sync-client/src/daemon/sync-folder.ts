import { watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connectHints } from '@driftbox/api-client';
import type { Hints, HintsOptions } from '@driftbox/api-client';
import type { FolderStatus } from '../folder/folder-status.ts';
import type { Mounted } from '../folder/mounted-folders.ts';
import type { OpenFolder } from '../folder/open-folder.ts';
import type { StateFolder } from '../folder/state-folder.ts';
import { headRead } from '../observe-remote.ts';
import type { PassResult } from '../pass.ts';
import { watchFolder } from '../watch/watch-folder.ts';
import type { WatchListener } from '../watch/watcher.ts';
import { MountedDaemons, runMounted } from './mounted-daemons.ts';
import { Daemon } from './run-daemon.ts';
import { Teller } from './teller.ts';

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
  /** Hears what people should know besides. */
  readonly note?: (text: string) => void;
  readonly signal: AbortSignal;
  /** Where hints come from; without it the server is asked only now and then. */
  readonly hints?: Pick<HintsOptions, 'address' | 'token'>;
};

/** Most times that one run waits for files that are being written, a second each time. */
const mostWaits = 10;

/** Brings folder and drive together once, and the drives that show up in it. */
export async function syncOnce({ open, state, told, signal }: SyncTask): Promise<SyncEnd> {
  const teller = new Teller(open, state, told);
  let waits = 0;
  try {
    for (;;) {
      teller.tell({ result: 'running' });
      const result = await open.loop.run();
      signal.throwIfAborted();
      const isOver = result.result === 'offline' || result.result === 'halted';
      const others = isOver ? [] : await runAllMounted(open);
      signal.throwIfAborted();
      const status = teller.tell(result);
      const all = [{ open, last: result }, ...others];
      if (open.mounted.hasLeft() || all.some(({ last }) => last?.result === 'moved')) continue;
      const dueMs = Math.min(...all.map(postponedTo));
      if (isOver || dueMs === Infinity || waits === mostWaits) return endOf(status);
      waits += 1;
      await delay(Math.max(0, dueMs - Date.now()), undefined, { signal });
    }
  } finally {
    teller.stopped();
  }
}

async function runAllMounted(open: OpenFolder): Promise<readonly Mounted[]> {
  const { mounted } = open;
  await mounted.refresh(open);
  for (const one of mounted.all()) await runMounted(one);
  return mounted.all();
}

/**
 * When a step is due that was left out because of what was written a moment ago, and may be written still; `Infinity` where none was. What
 * failed is not waited for: it says so itself.
 */
function postponedTo({ open, last }: Pick<Mounted, 'open' | 'last'>): number {
  if (last?.result !== 'quiet' || last.plan.local.length === 0 || open.loop.waiting().length > 0) return Infinity;
  return last.lookAgainMs ?? Infinity;
}

/** Keeps folder and drive together until the signal ends it, or a person has to decide. */
export async function syncForever(task: SyncTask): Promise<SyncEnd> {
  const { open, state, signal, told } = task;
  const teller = new Teller(open, state, told);
  const paused = (): boolean => state.read(pausedFile) !== undefined;
  const others = new MountedDaemons({ open, paused, tell: () => void teller.tell(), signal });
  const run = async (): Promise<PassResult> => {
    const result = await open.loop.run();
    if (result.result !== 'halted') await others.refresh();
    return result;
  };
  const daemon = new Daemon({ loop: { run }, paused, tell: (result) => void teller.tell(result), signal });
  const watching = await watchFolder(open.path, both(daemon.listener, others.listener));
  if (watching.by === 'nothing')
    task.note?.(`Nothing can watch the folder (${watching.reason}): changes in it are seen within ten minutes`);
  const callAll = (): void => {
    daemon.call();
    others.call();
  };
  // Pausing and resuming are a file that comes and goes.
  const control = watch(state.path, { persistent: false }, (_kind, name) => {
    if (name === pausedFile) callAll();
  });
  const hints = task.hints === undefined ? undefined : hear(task, task.hints, daemon, others);
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

function both(a: WatchListener, b: WatchListener): WatchListener {
  return {
    changed: (paths) => [a, b].forEach((one) => one.changed(paths)),
    overflowed: (reason) => [a, b].forEach((one) => one.overflowed(reason)),
  };
}

/** Wakes the daemons when the server is ahead of what was read, and when it can be reached again. */
function hear(
  { open: { drive: mine, news, store } }: SyncTask,
  options: Pick<HintsOptions, 'address' | 'token'>,
  daemon: Daemon,
  others: MountedDaemons,
): Hints {
  return connectHints({
    ...options,
    onHint: ({ drive, driveEpoch, seq }) => {
      const hint = { epoch: driveEpoch, seq };
      if (drive !== mine) return others.hinted(drive, hint);
      news.heard(hint);
      if (news.mayBe(headRead(store))) daemon.call();
    },
    onDrivesChanged: () => {},
    onState: (state) => {
      const live = state === 'socket' || state === 'polling';
      news.connected(live);
      others.connected(live);
      if (live) daemon.call();
    },
  });
}

function endOf({ state, reason }: FolderStatus): SyncEnd {
  const end = state === 'in_sync' || state === 'waiting' || state === 'offline' || state === 'halted' ? state : 'stopped';
  return { end, ...(reason === undefined ? {} : { reason }) };
}
