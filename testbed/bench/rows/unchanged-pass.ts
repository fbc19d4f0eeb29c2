import { lstatSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { newUuid } from '@driftbox/testkit';
import { openFolder, StateFolder } from '@driftbox/sync-client';
import { signUpByApi } from '../../src/api-user.ts';
import { hasRsync, rsync } from '../baseline/rsync.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';
import { makeSmallFiles } from '../small-files.ts';

const files = 10_000;
const rounds = 15;

/** Row 7: a pass over a folder in which nothing changed, the question to the server included. */
export const unchangedPass: Row = {
  row: 7,
  name: 'nothing changed, 10,000 files: one sync pass',
  unit: 's',
  judged: 'ratio',
  better: 'lower',
  must: 4,
  aim: 1.5,
  measure: async (world) => {
    const { address } = world;
    const { client, drive } = await signUpByApi(address, 'unchanged');
    const folder = path.join(world.folder, 'unchanged');
    await mkdir(folder);
    await makeSmallFiles(folder, files, 7);
    const open = openFolder({
      settings: { path: folder, server: address, drive, marker: newUuid(), select: [], ignore: [] },
      state: StateFolder.of(path.join(world.folder, 'unchanged-state'), folder),
      known: false,
      client,
      device: 'bench',
      objection: () => undefined,
      objectionToEmpty: () => undefined,
      progress: { sent: () => {}, fetched: () => {} },
      tell: () => {},
      note: () => {},
      signal: new AbortController().signal,
    });
    try {
      const pass = async (): Promise<void> => {
        const { result } = await open.loop.run();
        if (result !== 'quiet') throw new Error(`a pass over an unchanged folder came to ${result}`);
      };
      await pass();
      const figures = await interleave(
        rounds,
        () => secondsOf(pass),
        () => secondsOf(async () => walk(folder)),
      );
      return { ...figures, note: `baseline: readdir and lstat of everything, one after the other; ${await besideRsync(folder)}` };
    } finally {
      await open.close();
    }
  },
};

/** What rsync takes to find that a copy needs nothing. */
async function besideRsync(folder: string): Promise<string> {
  if (!(await hasRsync())) return 'rsync not installed';
  const again = (): Promise<void> => rsync(`${folder}/`, `${folder}-mirror`);
  await again();
  return `beside it: rsync ${(await secondsOf(again)).toFixed(2)} s`;
}

function walk(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    lstatSync(at);
    if (entry.isDirectory()) walk(at);
  }
}
