import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** The file of each pack of a standalone server. */
export async function packsOnDisk(dataFolder: string): Promise<string[]> {
  const pool = path.join(dataFolder, 'pool');
  const names = await readdir(pool, { recursive: true });
  return names.filter((name) => /[0-9a-f]{32}$/.test(name)).map((name) => path.join(pool, name));
}
