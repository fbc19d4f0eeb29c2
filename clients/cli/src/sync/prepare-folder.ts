import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { StateFolder } from '@driftbox/sync-client';
import type { FolderSettings } from '@driftbox/sync-client';
import { LocalError } from '@driftbox/transfer';
import type { Given } from '../command.ts';
import type { Connection } from '../connect.ts';
import { remoteNames } from '../remote-path.ts';
import { resolveFolder } from './known-folder.ts';

/** A folder about to be synced: what was decided about it, and whether it was synced before. */
export type Prepared = { readonly state: StateFolder; readonly settings: FolderSettings; readonly known: boolean };

/**
 * What is known of a folder, changed by the flags of this run; a new one is made if need be. Throws `LocalError` for one
 * that is synced with another drive.
 */
export async function prepareFolder({ configFolder, server, home }: Connection, given: Given): Promise<Prepared> {
  const folder = resolveFolder(given.arg(0));
  const state = StateFolder.of(configFolder, folder);
  if (given.on('anew')) state.forget();
  const before = state.settings();
  if (before !== undefined && before.server !== server && (await home()).drive !== before.drive.drive)
    throw new LocalError(`${folder} is synced with a drive on ${before.server}: choose another folder`);
  const select = given.texts('select').map((text) => remoteNames(text).join('/'));
  const ignore = given.texts('ignore');
  const settings: FolderSettings = {
    path: folder,
    server,
    drive: before?.drive ?? (await home()),
    marker: before?.marker ?? randomUUID(),
    // The root alone says: everything.
    select: select.length === 0 ? (before?.select ?? []) : select.includes('') ? [] : select,
    ignore: ignore.length === 0 ? (before?.ignore ?? []) : ignore.filter((pattern) => pattern !== ''),
  };
  if (before === undefined && !given.on('dry-run')) mkdirSync(folder, { recursive: true });
  return { state, settings, known: before !== undefined };
}
