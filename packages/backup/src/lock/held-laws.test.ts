import type { PackStore } from '@driftbox/chunk-store';
import { Problem } from '@driftbox/protocol';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBackupIndex } from '../backup-index.ts';
import { createBackup } from '../create-backup.ts';
import type { Destination } from '../destination.ts';
import { listBackups } from '../list-backups.ts';
import { readManifests } from '../manifest.ts';
import { removeBackup } from '../remove-backup.ts';
import { memoryCell } from '../testing/memory-cell.ts';
import { memoryDestination, putPoint } from '../testing/memory-destination.ts';
import { objectsOf, verifyBackups } from '../verify-backups.ts';
import type { Worker } from './worker.ts';

const signal = new AbortController().signal;
const contents = Array.from({ length: 5 }, (_, n) => Buffer.alloc(40 + n, n));
const hourMs = 3_600_000;

type Command = {
  readonly does: 'create' | 'remove' | 'verify';
  /** What the tenant has when a point is made, and which point goes. */
  readonly which: readonly number[];
  /** Its process is killed at this step. */
  readonly diesAt?: number;
};

class Killed extends Error {}

/** Processes that work with one place, of which the scheduler says who comes next whenever one of them asks a store. */
class Place {
  readonly stores = memoryDestination();
  readonly #scheduler: fc.Scheduler;
  readonly #knowsTheDead: boolean;
  readonly #afterChange: () => Promise<void>;
  readonly #ended = new Set<string>();
  /** Writes the next mark of each process that is awake; answers when it is there. */
  readonly #awake = new Map<string, { renew: () => void; marks: number }>();
  #processes = 0;

  constructor(scheduler: fc.Scheduler, knowsTheDead: boolean, afterChange: (stores: Destination) => Promise<void>) {
    this.#scheduler = scheduler;
    this.#knowsTheDead = knowsTheDead;
    this.#afterChange = () => afterChange(this.stores);
  }

  /** Runs a command in a process of its own; `asleep`, its marks are an hour old and stay so. */
  async run({ does, which, diesAt = Infinity }: Command, asleep: boolean): Promise<void> {
    const name = `process ${(this.#processes += 1)}`;
    const destination = this.#seenBy(name, diesAt, asleep);
    try {
      const cell = memoryCell(
        which.map((n) => contents[n]!),
        contents,
      );
      if (does === 'create') await createBackup(cell, destination, { signal });
      if (does === 'verify') for (const { damaged } of await verifyBackups(destination, undefined, { signal })) expect(damaged).toEqual([]);
      const points = does === 'remove' ? await listBackups(destination) : [];
      if (points.length > 0) await removeBackup(destination, points[(which[0] ?? 0) % points.length]!.id);
    } catch (error) {
      const isRefused = error instanceof Problem && ['locked', 'not_found', 'unavailable'].includes(error.code);
      if (!isRefused && !(error instanceof Killed)) throw error;
    } finally {
      this.#ended.add(name);
      this.#awake.delete(name);
    }
  }

  #seenBy(name: string, diesAt: number, asleep: boolean): Destination {
    let steps = 0;
    const part = (store: PackStore, changes: readonly string[]): PackStore =>
      new Proxy(store, {
        get:
          (real, method: keyof PackStore) =>
          async (...args: never[]) => {
            await this.#scheduler.schedule(Promise.resolve(), `${name} ${method}`);
            steps += 1;
            if (steps >= diesAt) {
              this.#awake.delete(name);
              throw new Killed();
            }
            const answer = await (real[method] as (...all: never[]) => Promise<unknown>).apply(real, args);
            if (changes.includes(method)) await this.#afterChange();
            if (store === this.stores.locks && method === 'write') this.#awakened(name).marks += 1;
            return answer;
          },
      });
    const { packs, points, begun, locks } = this.stores;
    return {
      ...this.stores,
      packs: part(packs, ['delete']),
      points: part(points, ['write']),
      begun: part(begun, []),
      locks: part(locks, []),
      worker: this.#workerOf(name, asleep),
    };
  }

  #awakened(name: string): { renew: () => void; marks: number } {
    return this.#awake.get(name) ?? { renew: () => undefined, marks: 0 };
  }

  #workerOf(name: string, asleep: boolean): Worker {
    return {
      host: 'here',
      pid: 1,
      process: name,
      hasEnded: (process) => this.#knowsTheDead && this.#ended.has(process),
      now: () => Date.now() - (asleep ? hourMs : 0),
      every: (_, renew) => {
        if (!asleep) this.#awake.set(name, { renew, marks: 0 });
        return () => void this.#awake.delete(name);
      },
      sleep: async () => {
        const waited = [...this.#awake].map(([of, { marks }]) => [of, marks] as const);
        for (const [of] of waited) this.#awake.get(of)?.renew();
        const isWaiting = () => waited.some(([of, marks]) => this.#awake.get(of)?.marks === marks);
        do await this.#scheduler.schedule(Promise.resolve(), `${name} sleeps`);
        while (isWaiting());
      },
    };
  }
}

async function expectWhole(stores: Destination): Promise<void> {
  const index = await readBackupIndex(stores);
  for (const { manifest } of await readManifests(stores.points, stores.key)) {
    const { digests, damaged } = await objectsOf(stores, index, manifest);
    expect([...damaged, ...[...digests].filter((digest) => !index.has(digest))]).toEqual([]);
  }
}

const command = (mayDie: boolean) =>
  fc.record(
    {
      does: fc.constantFrom('create' as const, 'create' as const, 'remove' as const, 'remove' as const, 'verify' as const),
      which: fc.uniqueArray(fc.nat(contents.length - 1), { minLength: 1 }),
      ...(mayDie ? { diesAt: fc.integer({ min: 1, max: 120 }) } : {}),
    },
    { requiredKeys: ['does', 'which'] },
  );
/** What each of some people does, one command after another. */
const people = (mayDie: boolean) => fc.array(fc.array(command(mayDie), { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 });

async function play(place: Place, scheduler: fc.Scheduler, all: readonly (readonly Command[])[], sleeps: Command['does'][]): Promise<void> {
  for (const [n, chunks] of [contents.slice(0, 2), contents.slice(1, 3)].entries())
    await putPoint(place.stores, { id: `point ${n}`, rows: [Buffer.from(`row of ${n}`)], chunks });
  const work = all.map(async (commands) => {
    for (const one of commands) await place.run(one, sleeps.includes(one.does));
  });
  await scheduler.waitFor(Promise.all(work));
  await expectWhole(place.stores);
}

test('no point ever names an object that is gone, in whatever order commands come, and wherever they die', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), people(true), (scheduler, all) => play(new Place(scheduler, true, expectWhole), scheduler, all, [])),
    { numRuns: 100 },
  );
});

test('nor where those who make and read points are taken for dead while they live', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), people(false), (scheduler, all) =>
      play(new Place(scheduler, false, async () => undefined), scheduler, all, ['create', 'verify']),
    ),
    { numRuns: 100 },
  );
});
