import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What is at a path of a tree: `folder`, `link -> target`, or a file's SHA-256 and executable bit. */
export type TreeListing = ReadonlyMap<string, string>;

/** The client's own folder at the top of a synced one and of a drive mounted in it, which is not part of the tree. */
const clientFolder = '.driftbox';

/** Digests by what a file system tells of a file: what looks the same is not read again. */
export type KnownDigests = Map<string, { readonly looks: string; readonly digest: string }>;

/**
 * Everything in a synced folder, by path, each file by what it holds. A file that vanishes meanwhile is left out. With `known`
 * only files that look otherwise than before are read: for a look now and then, not for a verdict.
 */
export async function listTree(folder: string, known?: KnownDigests): Promise<TreeListing> {
  const listing = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (name.split(path.sep).includes(clientFolder)) continue;
    const told = await tell(file, known).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (told !== undefined) listing.set(name, told);
  }
  return listing;
}

/** The SHA-256 of a file, in hex. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** At most `most` lines saying where two listings differ. */
export function listingDifferences(a: TreeListing, b: TreeListing, most = 5): string[] {
  const lines: string[] = [];
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    if (a.get(name) !== b.get(name)) lines.push(`${name}: ${a.get(name) ?? 'nothing'} / ${b.get(name) ?? 'nothing'}`);
    if (lines.length === most) break;
  }
  return lines;
}

async function tell(file: string, known: KnownDigests | undefined): Promise<string> {
  const stats = await lstat(file, { bigint: true });
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return `link -> ${await readlink(file)}`;
  const looks = `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
  const before = known?.get(file);
  const digest = before?.looks === looks ? before.digest : await fileDigest(file);
  known?.set(file, { looks, digest });
  return `${digest}${(stats.mode & 0o100n) === 0n ? '' : ' executable'}`;
}
