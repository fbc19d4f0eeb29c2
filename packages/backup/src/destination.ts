import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  dataKeyOf,
  fileSystemIo,
  openDiskStore,
  openS3Store,
  retry,
  StoreError,
  type DataKey,
  type PackStore,
  type S3Options,
} from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { thisWorker, type Worker } from './lock/worker.ts';

/**
 * Where the backups of one tenant are. Everything is a pack, sealed with the backup key for this tenant. `begun` holds what was
 * begun and is not whole, `points` what is whole, `packs` the rows and chunks that both name, `locks` who is at work there.
 */
export type Destination = {
  readonly tenantId: TenantId;
  readonly key: DataKey;
  readonly packs: PackStore;
  readonly points: PackStore;
  readonly begun: PackStore;
  readonly locks: PackStore;
  /** Who works with it. */
  readonly worker: Worker;
  readonly close: () => void;
};

const keyPattern = /^driftbox-backup-key-1:([0-9a-f]{64})\s*$/;
const parts = ['packs', 'points', 'begun', 'locks'] as const;
/** A pack is written within seconds. */
const unfinishedMs = 86_400_000;

/** A new backup key, a line of text. Without it no backup under it can be read. */
export function newBackupKey(): string {
  return `driftbox-backup-key-1:${randomBytes(32).toString('hex')}\n`;
}

/** Makes a backup key in a file that must not exist yet, for its owner alone. */
export async function makeBackupKey(file: string): Promise<void> {
  await writeFile(file, newBackupKey(), { mode: 0o600, flag: 'wx' });
}

/** The 32 bytes of a backup key, or `undefined` where the text is no such key. */
export function parseBackupKey(text: string): Uint8Array | undefined {
  const found = keyPattern.exec(text);
  return found?.[1] === undefined ? undefined : Buffer.from(found[1], 'hex');
}

/** The same of the text in a file. */
export async function readBackupKey(file: string): Promise<Uint8Array | undefined> {
  return parseBackupKey(await readFile(file, 'utf8'));
}

/** Backups of a tenant in a folder, which is made if it is not there. */
export async function openFolderDestination(folder: string, tenantId: TenantId, key: Uint8Array): Promise<Destination> {
  const root = path.join(folder, tenantId);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const open = (part: string): Promise<PackStore> => openDiskStore(path.join(root, part), fileSystemIo, unfinishedMs);
  // What cannot be written to may be read all the same, also where no part of it is for locks yet.
  const stores = await Promise.all(parts.map((part) => (part === 'locks' ? open(part).catch(refusing) : open(part))));
  return destinationOf(tenantId, key, stores, () => undefined);
}

/** Backups of a tenant in a bucket that exists, below a prefix that is empty or ends with `/`. */
export async function openBucketDestination(
  options: S3Options & { readonly prefix: string },
  tenantId: TenantId,
  key: Uint8Array,
): Promise<Destination> {
  const stores = await Promise.all(parts.map((part) => openS3Store({ ...options, prefix: `${options.prefix}${tenantId}/${part}/` })));
  return destinationOf(tenantId, key, stores, () => stores.forEach((store) => store.close()));
}

function destinationOf(tenantId: TenantId, key: Uint8Array, stores: readonly PackStore[], close: () => void): Destination {
  const [packs, points, begun, locks] = stores.map((store) => retry(store));
  if (packs === undefined || points === undefined || begun === undefined || locks === undefined)
    throw new Error(`a destination has ${parts.join(', ')}`);
  return { tenantId, key: dataKeyOf(tenantId, 1, key), packs, points, begun, locks, worker: thisWorker(), close };
}

/** A store that lacks what is told of it for good. */
function refusing(error: unknown): PackStore {
  if (!(error instanceof StoreError) || error.transient) throw error;
  const refuse = () => Promise.reject(error);
  return { write: refuse, read: refuse, stat: refuse, list: refuse, delete: refuse };
}
