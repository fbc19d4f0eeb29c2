import { below } from '../local-path.ts';
import { waitingPaths, writeStatus } from '../folder/folder-status.ts';
import type { FolderStatus, WaitingPath } from '../folder/folder-status.ts';
import type { Mounted } from '../folder/mounted-folders.ts';
import type { OpenFolder } from '../folder/open-folder.ts';
import type { StateFolder } from '../folder/state-folder.ts';
import type { PassResult } from '../pass.ts';

/** What a folder's loop is at, or what its last run came to. */
export type Standing = PassResult | { readonly result: 'paused' } | { readonly result: 'running' };

/** Writes down how a folder stands, with the drives that show up in it, and says so whenever that changes. */
export class Teller {
  readonly #open: OpenFolder;
  readonly #state: StateFolder;
  readonly #told: (status: FolderStatus) => void;
  #inSyncAt: string | undefined;
  #last: FolderStatus | undefined;
  #standing: Standing = { result: 'running' };

  constructor(open: OpenFolder, state: StateFolder, told: (status: FolderStatus) => void) {
    this.#open = open;
    this.#state = state;
    this.#told = told;
  }

  /** The folder's own loop came to this; without it, something changed in a drive that shows up in it. */
  tell(standing: Standing = this.#standing): FolderStatus {
    this.#standing = standing;
    const mounted = this.#open.mounted.all();
    const waiting = [...waitingOf(this.#open, ''), ...mounted.flatMap(waitingIn)];
    const at = new Date().toISOString();
    const isBusy = mounted.some(({ last }) => last === undefined || last.result === 'moved');
    const state = stateOf(standing, isBusy, waiting.length > 0);
    if (state === 'in_sync') this.#inSyncAt = at;
    const reason = 'reason' in standing ? standing.reason : undefined;
    return this.#write({ pid: process.pid, state, reason, at, inSyncAt: this.#inSyncAt, waiting });
  }

  /** For others to read: a halt stays said after the process has ended, anything else is no longer so. */
  stopped(): void {
    if (this.#last === undefined || this.#last.state === 'halted') return;
    writeStatus(this.#state, { ...this.#last, state: 'stopped', at: new Date().toISOString() });
  }

  #write(status: FolderStatus): FolderStatus {
    const last = this.#last;
    this.#last = status;
    writeStatus(this.#state, status);
    if (last?.state !== status.state || last.reason !== status.reason || last.waiting.length !== status.waiting.length) this.#told(status);
    return status;
  }
}

function waitingOf({ loop, unusable, store }: OpenFolder, folder: string): WaitingPath[] {
  return waitingPaths(loop.waiting(), unusable(), store).map((one) => ({ ...one, path: below(folder, one.path) }));
}

function waitingIn({ open, path, last }: Mounted): WaitingPath[] {
  const waiting = waitingOf(open, path);
  return last?.result === 'offline' || last?.result === 'halted' ? [{ path, reason: last.reason }, ...waiting] : waiting;
}

function stateOf({ result }: Standing, isBusy: boolean, waits: boolean): FolderStatus['state'] {
  switch (result) {
    case 'paused':
    case 'offline':
    case 'halted':
      return result;
    case 'running':
    case 'moved':
      return 'syncing';
    case 'quiet':
      if (isBusy) return 'syncing';
      return waits ? 'waiting' : 'in_sync';
  }
}
