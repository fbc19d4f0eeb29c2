import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** What a tree holds. */
export type TreeSize = { readonly files: number; readonly bytes: number };

/** Counts regular files and their bytes; follows no links. */
export async function measureTree(folder: string): Promise<TreeSize> {
  let files = 0;
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files += 1;
    bytes += (await lstat(path.join(entry.parentPath, entry.name))).size;
  }
  return { files, bytes };
}

/** One line per entry of a tree with what `diff -r` does not compare: kind, executable bit, time in ms, link target aside. */
export async function attributesOf(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    // As whole nanoseconds: a floating-point number of milliseconds rounds the last few hundred of them up.
    const { mode, mtimeNs } = await lstat(file, { bigint: true });
    lines.push(`${path.relative(folder, file)} ${(mode & 0o100n) === 0n ? '-' : 'x'} ${mtimeNs / 1_000_000n}`);
  }
  return lines.sort();
}
