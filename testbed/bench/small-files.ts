import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { seededBytes } from '../src/seeded-bytes.ts';

/** A folder of `count` files of 4 KiB, a hundred in each subfolder, other bytes for each seed. Answers its entries, folders counted. */
export async function makeSmallFiles(folder: string, count: number, seed: number): Promise<number> {
  const bytes = 4096;
  const perFolder = 100;
  let made = 0;
  for (const piece of seededBytes(seed, count * bytes, bytes)) {
    const place = path.join(folder, `part-${Math.floor(made / perFolder)}`);
    if (made % perFolder === 0) await mkdir(place, { recursive: true });
    await writeFile(path.join(place, `file-${made}`), piece);
    made += 1;
  }
  return count + Math.ceil(count / perFolder);
}
