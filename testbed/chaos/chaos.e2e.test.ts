import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { runChaos, type ChaosReport } from './run-chaos.ts';
import { startStandaloneTarget } from './standalone-target.ts';
import type { ChaosTarget } from './target.ts';

const minutes = 0.25;
/** One whose plan kills the server when people have been at work for a while. */
const seed = 6;
/** Checks come on top, and a world takes long to start on a machine that is busy. */
const longestMs = 900_000;

/** A short run on a target that may lie about itself. Answers what the run said. */
async function run(spoil: (target: ChaosTarget) => ChaosTarget = (target) => target): Promise<ChaosReport> {
  const target = await startStandaloneTarget();
  try {
    return await runChaos(spoil(target), { seed, minutes, tell: () => {} });
  } finally {
    await target.close(false);
  }
}

test(
  'people at work on a server that is struck at random lose nothing',
  async () => {
    const report = await run();
    expect(report.verdicts.flatMap(({ promise, wrong }) => wrong.map((line) => `${promise}: ${line}`))).toEqual([]);
    expect(report.holds).toBe(true);
    expect(report.faults.struck).toBeGreaterThan(2);
    expect(report.acknowledged).toBeGreaterThan(20);
  },
  longestMs,
);

/** A disk that forgets, with a crash, what it was given last though it said that it was durable. */
function forgetful(target: ChaosTarget): ChaosTarget {
  const forget = async (): Promise<void> => {
    const packs = [...(await target.pool.list()).keys()];
    const root = path.join(target.folder, 'data/pool');
    const files = (await readdir(root, { recursive: true }))
      .filter((name) => packs.includes(path.basename(name)))
      .map((name) => path.join(root, name));
    const aged = await Promise.all(files.map(async (file) => ({ file, madeMs: (await stat(file)).mtimeMs })));
    for (const { file } of aged.sort((a, b) => b.madeMs - a.madeMs).slice(0, 5)) await rm(file);
  };
  const parts = target.parts.map((part) => ({
    ...part,
    kill: async () => {
      await part.kill();
      await forget();
    },
  }));
  return { ...target, parts };
}

test(
  'a disk that forgets with a crash what it called durable is caught',
  async () => {
    const report = await run(forgetful);
    expect(report.faults.byKind.kill).toBeGreaterThan(0);
    const broken = report.verdicts.filter(({ holds }) => !holds).map(({ promise }) => promise);
    expect(broken).toEqual(
      expect.arrayContaining(['packs, references, ledgers, journals and trees stand a check', 'every acknowledged revision reads back']),
    );
  },
  longestMs,
);
