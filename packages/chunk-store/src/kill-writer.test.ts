import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { openDiskStore, parsePackId, verify } from './index.ts';
import { defined } from './testing/pack-fixture.ts';

const program = join(import.meta.dirname, 'testing/write-until-killed.ts');

/** Lets a writer acknowledge `count` packs, kills it in the midst of the next ones, and answers what it acknowledged. */
async function killAfter(folder: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--no-warnings', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return acknowledged;
}

describe('a writer that is killed', () => {
  test('has lost nothing that it acknowledged and left nothing that is half written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kill-writer-'));
    try {
      const acknowledged = new Set<string>();
      for (const count of [1, 7, 20]) {
        for (const id of await killAfter(folder, count)) acknowledged.add(id);
        const store = verify(await openDiskStore(folder));
        expect(await readdir(join(folder, 'tmp'))).toEqual([]);
        for (const id of acknowledged) expect((await store.read(defined(parsePackId(id)))).length).toBe(60_000);
        const { packs } = await store.list({ limit: 1000 });
        expect(packs.length).toBeGreaterThanOrEqual(acknowledged.size);
        for (const { id } of packs) expect((await store.read(id)).length).toBe(60_000);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 30_000);
});
