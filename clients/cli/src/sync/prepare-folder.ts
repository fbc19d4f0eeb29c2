import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Drive } from '@driftbox/protocol';
import { StateFolder } from '@driftbox/sync-client';
import type { FolderSettings } from '@driftbox/sync-client';
import { LocalError } from '@driftbox/transfer';
import type { Given } from '../command.ts';
import { remoteNames } from '../remote-path.ts';
import { resolveFolder } from './known-folder.ts';

/** A folder about to be synced: what was decided about it, and whether it was synced before. */
export type Prepared = { readonly state: StateFolder; readonly settings: FolderSettings; readonly known: boolean };

/**
 * What is known of a folder, changed by the flags of this run; a new one is made if need be. Throws `LocalError` for one
 * that is synced with another server or drive.
 */
export function prepareFolder(configFolder: string, given: Given, server: string, drive: Drive): Prepared {
  const folder = resolveFolder(given.arg(0));
  const state = new StateFolder(configFolder, folder);
  const before = state.settings();
  if (before !== undefined && before.drive !== drive.drive)
    throw new LocalError(`${folder} is synced with another drive, on ${before.server}: choose another folder`);
  const select = given.texts('select').map((text) => remoteNames(text).join('/'));
  const settings: FolderSettings = {
    path: folder,
    server,
    drive: drive.drive,
    rootId: drive.rootId,
    marker: before?.marker ?? randomUUID(),
    // The root alone says: everything.
    select: select.length === 0 ? (before?.select ?? []) : select.includes('') ? [] : select,
  };
  if (before === undefined) mkdirSync(folder, { recursive: true });
  return { state, settings, known: before !== undefined };
}
