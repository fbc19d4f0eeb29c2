import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dataKeyOf, openDiskStore, openS3Store, retry, type DataKey, type PackStore, type S3Options } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';

/**
 * Where the backups of one tenant are. Everything is a pack, sealed with the backup key for this tenant. `begun` holds what was
 * begun and is not whole, `points` what is whole, `packs` the rows and chunks that both name.
 */
export type Destination = {
  readonly tenantId: TenantId;
  readonly key: DataKey;
  readonly packs: PackStore;
  readonly points: PackStore;
  readonly begun: PackStore;
  readonly close: () => void;
};

const keyPattern = /^driftbox-backup-key-1:([0-9a-f]{64})\s*$/;
const parts = ['packs', 'points', 'begun'] as const;

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

/** Backups of a tenant in a folder, which is made if it is not there. One process at a time works with it. */
export async function openFolderDestination(folder: string, tenantId: TenantId, key: Uint8Array): Promise<Destination> {
  const root = path.join(folder, tenantId);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const [packs, points, begun] = await Promise.all(parts.map((part) => openDiskStore(path.join(root, part))));
  return destinationOf(tenantId, key, [packs, points, begun], () => undefined);
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

function destinationOf(
  tenantId: TenantId,
  key: Uint8Array,
  [packs, points, begun]: readonly (PackStore | undefined)[],
  close: () => void,
): Destination {
  if (packs === undefined || points === undefined || begun === undefined) throw new Error('a destination has three stores');
  return { tenantId, key: dataKeyOf(tenantId, 1, key), packs: retry(packs), points: retry(points), begun: retry(begun), close };
}
