import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePackId } from '@driftbox/chunk-store';
import type { ChaosPool } from './target.ts';

/** The packs of a pool that is a folder. */
export function diskPool(root: string): ChaosPool {
  const fileOf = (pack: string): string => path.join(root, pack.slice(0, 1), pack.slice(1, 2), pack);
  const sizeOf = async (pack: string): Promise<number | undefined> => (await unlessGone(stat(fileOf(pack))))?.size;
  return {
    list: async () => {
      const names = (await readdir(root, { recursive: true }))
        .map((name) => path.basename(name))
        .filter((name) => parsePackId(name) !== undefined);
      const sizes = await Promise.all(names.map(async (name): Promise<[string, number]> => [name, (await sizeOf(name)) ?? 0]));
      return new Map(sizes);
    },
    read: (pack) => readFile(fileOf(pack)),
    // 'r+' makes no file where there is none.
    replace: async (pack, bytes) => unlessGone(writeFile(fileOf(pack), bytes, { flag: 'r+' })),
    leftovers: async () => (await readdir(path.join(root, 'tmp'))).map((name) => `unfinished write ${name}`),
  };
}

async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
