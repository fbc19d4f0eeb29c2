import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Point } from '../point.ts';
import { inWorld } from '../in-world.ts';

/** A text no pack contains by chance, repeated so that compression would leave traces of it too. */
const secret = 'the quick brown fox knows where the treasure lies; ';

/** Looks through every object in the pool. */
export const nothingInPlain: Point = {
  number: 5,
  promise: 'the pool holds no plain text and no digest as a name',
  show: () =>
    inWorld(async (world) => {
      const file = path.join(world.folder, 'secret.txt');
      const bytes = Buffer.from(secret.repeat(50_000));
      await writeFile(file, bytes);
      await world.cli.must('put', file, '/secret.txt');
      const digest = createHash('sha256').update(bytes).digest('hex');
      const pool = path.join(world.dataFolder, 'pool');
      const objects = (await readdir(pool, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const telling = [];
      for (const entry of objects) {
        const name = path.join(entry.parentPath, entry.name);
        const content = await readFile(name);
        if (content.includes('treasure') || content.includes('secret.txt') || name.includes(digest.slice(0, 16))) telling.push(name);
      }
      return {
        holds: objects.length > 0 && telling.length === 0,
        figure: `${objects.length} objects searched, ${telling.length} tell something`,
      };
    }),
};
