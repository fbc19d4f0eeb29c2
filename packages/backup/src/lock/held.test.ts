import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dataKeyOf, listPacks, StoreError, type PackStore } from '@driftbox/chunk-store';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { openFolderDestination, type Destination } from '../destination.ts';
import { removeBackup } from '../remove-backup.ts';
import { allOf, memoryDestination, putPoint } from '../testing/memory-destination.ts';
import { verifyBackups } from '../verify-backups.ts';
import { Held, holding, type Holder } from './held.ts';
import { readMarks, type Use } from './mark.ts';
import { thisWorker, type Worker } from './worker.ts';

const signal = new AbortController().signal;
const minuteMs = 60_000;

/** A process on a machine of its own, whose clock and timers the test moves. */
class Machine {
  nowMs: number;
  readonly slept: number[] = [];
  /** What happens while it sleeps. */
  meanwhile: () => Promise<unknown> = async () => undefined;
  #renew: (() => void) | undefined;
  readonly worker: Worker;

  constructor(nowMs = Date.now(), over: Partial<Worker> = {}) {
    this.nowMs = nowMs;
    this.worker = {
      host: 'far',
      pid: 7,
      hasEnded: () => false,
      now: () => this.nowMs,
      every: (_, renew) => {
        this.#renew = renew;
        return () => (this.#renew = undefined);
      },
      sleep: async (ms) => {
        this.slept.push(ms);
        await this.meanwhile();
      },
      ...over,
    };
  }

  /** A minute passes. */
  tick(): void {
    this.nowMs += minuteMs;
    this.#renew?.();
  }
}

async function enter(place: Destination, { worker }: Machine, use: Use, holder: Holder = {}): Promise<Held> {
  const held = new Held({ ...place, worker }, use, holder);
  return held.enter().then(
    () => held,
    async (error: Error) => {
      await held.leave();
      throw error;
    },
  );
}

const marksIn = async (place: Destination): Promise<Use[]> => (await readMarks(place)).map(({ use }) => use);
const refused = { code: 'locked', message: expect.stringMatching(/^Process 7 of far is making a backup here since \S+Z: .* after \S+Z$/) };

test('who finds another in the way goes, and says who it is; readers are in nobody’s way but a removal’s', async () => {
  const place = memoryDestination();
  const making = await enter(place, new Machine(), 'create');
  for (const use of ['create', 'remove'] as const)
    await expect(holding(place, use, {}, async () => undefined)).rejects.toMatchObject({ ...refused, details: { use: 'create', pid: 7 } });
  const reading = await enter(place, new Machine(), 'read');
  await making.leave();
  await expect(removeBackup(place, 'any')).rejects.toMatchObject({ code: 'locked', details: { use: 'read' } });
  await reading.leave();
  await expect(removeBackup(place, 'any')).rejects.toMatchObject({ code: 'not_found' });
  expect(await marksIn(place)).toEqual([]);
});

test('the same task that runs again goes on at once, and the run before is told; another task does not', async () => {
  const place = memoryDestination();
  const first = await enter(place, new Machine(), 'create', { owner: 'a point' });
  await expect(enter(place, new Machine(), 'create', { owner: 'another' })).rejects.toMatchObject(refused);
  await expect(enter(place, new Machine(), 'remove', { owner: 'a point' })).rejects.toMatchObject(refused);
  const again = await enter(place, new Machine(), 'create', { owner: 'a point' });
  await expect(first.check()).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('took this run for dead') });
  await first.leave();
  await again.check();
});

test('a run that is silent for minutes is looked at, and out of the way if it stays so', async () => {
  const place = memoryDestination();
  await enter(place, new Machine(), 'create');
  const other = new Machine();
  other.nowMs += 2 * minuteMs;
  await expect(enter(place, other, 'remove')).rejects.toMatchObject(refused);
  other.nowMs += 2 * minuteMs;
  await enter(place, other, 'remove');
  expect(other.slept).toEqual([150_000]);
  expect(await marksIn(place)).toEqual(['remove']);
});

test.each([-60, 60])('a clock that is %i minutes wrong takes nothing from who lives', async (minutes) => {
  const place = memoryDestination();
  const living = new Machine();
  const held = await enter(place, living, 'create');
  const wrong = new Machine(living.nowMs + minutes * minuteMs);
  wrong.meanwhile = async () => {
    const before = await marksIn(place);
    living.tick();
    while ((await marksIn(place)).length === before.length) await new Promise(setImmediate);
  };
  await expect(enter(place, wrong, 'remove')).rejects.toMatchObject(refused);
  await held.check();
});

/** A store of which some calls do something else. */
const over = (store: PackStore, other: Partial<PackStore>): PackStore => ({
  write: (id, bytes) => store.write(id, bytes),
  read: (id, range) => store.read(id, range),
  stat: (id) => store.stat(id),
  list: (page) => store.list(page),
  delete: (id) => store.delete(id),
  ...other,
});

test('however long it takes, there are two marks of it whenever one goes, and none afterwards', async () => {
  const place = memoryDestination();
  const machine = new Machine();
  const there: number[] = [];
  const locks = over(place.locks, {
    async delete(id) {
      there.push((await marksIn(place)).length);
      await place.locks.delete(id);
    },
  });
  const held = await enter({ ...place, locks }, machine, 'create');
  for (let n = 0; n < 5; n += 1) machine.tick();
  await held.leave();
  expect([there, await marksIn(place)]).toEqual([[3, 3, 3, 3, 2, 1], []]);
});

test('who was taken for dead removes nothing more, though it writes new marks', async () => {
  const place = memoryDestination();
  for (const id of ['one', 'two', 'three']) {
    await putPoint(place, { id, rows: [Buffer.from(id)], chunks: [] });
    if (id !== 'three') for (const { id: point } of await allOf(listPacks(place.points))) await place.points.delete(point);
  }
  const machine = new Machine();
  const packs = over(place.packs, {
    async delete(id) {
      await place.packs.delete(id);
      for (const { packId } of await readMarks(place)) await place.locks.delete(packId);
      machine.tick();
    },
  });
  const before = (await allOf(listPacks(place.packs))).length;
  await expect(removeBackup({ ...place, packs, worker: machine.worker }, 'three')).rejects.toMatchObject({ code: 'locked' });
  expect((await allOf(listPacks(place.packs))).length).toBe(before - 1);
});

test('who may not write there reads all the same, and makes and removes nothing', async () => {
  const refuse = () => Promise.reject(new StoreError('unavailable', 'read-only', { transient: false }));
  const place = memoryDestination();
  await putPoint(place, { id: 'a point', rows: [], chunks: [Buffer.from('a chunk')] });
  const readOnly = { ...place, locks: over(place.locks, { write: refuse, delete: refuse }) };
  expect(await verifyBackups(readOnly, undefined, { signal })).toMatchObject([{ id: 'a point', damaged: [] }]);
  for (const use of ['create', 'remove'] as const) await expect(enter(readOnly, new Machine(), use)).rejects.toThrow('read-only');
});

test('a mark that cannot be read is in the way as long as somebody writes others, and does not outlive that', async () => {
  const place = memoryDestination();
  const other = { ...place, key: dataKeyOf(place.tenantId, 1, Buffer.alloc(32, 8)) };
  const living = new Machine();
  const held = await enter(other, living, 'read');
  const watcher = new Machine();
  watcher.meanwhile = async () => {
    living.tick();
    while ((await marksIn(place)).length < 3) await new Promise(setImmediate);
  };
  const cannot = { code: 'locked', message: expect.stringContaining('cannot be read') };
  await expect(enter(place, watcher, 'read')).rejects.toMatchObject(cannot);
  watcher.meanwhile = async () => undefined;
  await (await enter(place, watcher, 'read')).leave();
  expect(await marksIn(place)).toEqual([]);
  await expect(held.check()).rejects.toMatchObject({ code: 'locked' });
});

test('where nothing has room, a mark neither, backups can be removed, but not beside somebody', async () => {
  const place = memoryDestination();
  await putPoint(place, { id: 'a point', rows: [], chunks: [Buffer.from('a chunk')] });
  const held = await enter(place, new Machine(), 'read');
  const full = { ...place, locks: over(place.locks, { write: () => Promise.reject(new StoreError('full', 'no room')) }) };
  await expect(removeBackup(full, 'a point')).rejects.toMatchObject({ code: 'locked' });
  await held.leave();
  expect(await removeBackup(full, 'a point')).toMatchObject({ packs: 1 });
});

test('of a folder the marks are another part, which may be lacking in one that is read', async () => {
  await using folder = await temporaryFolder();
  const open = () => openFolderDestination(folder.path, memoryDestination().tenantId, Buffer.alloc(32, 7));
  await putPoint(await open(), { id: 'a point', rows: [], chunks: [Buffer.from('a chunk')] });
  const held = await enter(await open(), new Machine(), 'create');
  await expect(removeBackup(await open(), 'a point')).rejects.toMatchObject(refused);
  await held.leave();
  const locks = path.join(folder.path, memoryDestination().tenantId, 'locks');
  await rm(locks, { recursive: true });
  await writeFile(locks, '');
  expect(await verifyBackups(await open(), undefined, { signal })).toMatchObject([{ damaged: [] }]);
  await expect(removeBackup(await open(), 'a point')).rejects.toMatchObject({ name: 'StoreError' });
});

test('a process of this machine is known to have ended when it has, and not before', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const { hasEnded, process: own = '' } = thisWorker();
  const parts = own.split('/');
  const [boot = '', namespace = ''] = parts;
  const began = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ')[21] ?? '';
  const named = (pid: number | undefined, beganAt = began) => [boot, namespace, pid, beganAt].join('/');
  expect([hasEnded(own), hasEnded(named(child.pid)), hasEnded(named(child.pid, '1'))]).toEqual([false, false, true]);
  child.stdin.end();
  await once(child, 'exit');
  expect([hasEnded(named(child.pid)), hasEnded(['another boot', namespace, child.pid, began].join('/'))]).toEqual([true, false]);
});
