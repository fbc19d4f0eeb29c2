import type { Digest } from '@driftbox/domain';
import { seededRandom, type SeededRandom } from '@driftbox/testkit';
import { collectTenant } from '../collect/collect-tenant.ts';
import type { CollectionGround } from '../collect/ground.ts';
import { digestOfName, graceTime, MemoryTenant } from './memory-tenant.ts';
import { Turns } from './turns.ts';

/** All contents that there are. */
export const contents = Array.from({ length: 12 }, (_, n) => digestOfName(`${n}`));

/** What an upload and its commit do to a tenant, step by step, as receive-batch.ts and commit-operations.ts do it. */
async function save(tenant: MemoryTenant, turns: Turns, random: SeededRandom, name: string): Promise<void> {
  const digests = [...new Set(Array.from({ length: random.integer(1, 4) }, () => random.pick(contents)))];
  const body = new Set(digests);
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await turns.take();
    const absent: Digest[] = [];
    const condemned: Digest[] = [];
    for (const digest of body) {
      const row = tenant.chunks.get(digest);
      if (row === undefined) absent.push(digest);
      else if (row.condemnedAt !== undefined) condemned.push(digest);
    }
    if (condemned.length > 0) {
      await turns.take();
      const revived = tenant.revive(condemned);
      absent.push(...condemned.filter((digest) => !revived.has(digest)));
    }
    if (absent.length > 0) {
      await turns.take();
      const { places, pack } = tenant.write(absent);
      await turns.take();
      tenant.record(places, pack);
    }
    if (random.next() < 0.5) {
      await turns.take();
      tenant.proofs.set(name, new Set(digests));
    }
    const missing = await commit(tenant, turns, random, `${name}.${attempt}`, digests);
    await turns.take();
    tenant.proofs.delete(name);
    if (missing.length === 0) return;
    body.clear();
    for (const digest of missing) body.add(digest);
  }
}

/** Pins, forwards, and lets go. Answers what the client is told to send once more; then nothing was committed. */
async function commit(tenant: MemoryTenant, turns: Turns, random: SeededRandom, id: string, digests: readonly Digest[]): Promise<Digest[]> {
  await turns.take();
  tenant.statementsInFlight += 1;
  const missing = digests.filter((digest) => tenant.chunks.get(digest)?.condemnedAt !== undefined || !tenant.chunks.has(digest));
  await turns.take(false);
  tenant.pins.set(id, digests);
  tenant.statementsInFlight -= 1;
  await turns.take();
  if (missing.length === 0) tenant.revisions.set(`${id} ${random.next()}`, digests);
  await turns.take();
  tenant.pins.delete(id);
  return missing;
}

/** Purges, and copies as metadata does it by itself: the reference exists before the one it was made of goes. */
async function rearrange(tenant: MemoryTenant, turns: Turns, random: SeededRandom): Promise<void> {
  for (let n = 0; n < 12; n += 1) {
    await turns.take();
    const held = [...tenant.revisions.keys()];
    if (held.length === 0) continue;
    const one = random.pick(held);
    if (random.next() < 0.15) tenant.revisions.set(`${one} copy ${random.next()}`, tenant.revisions.get(one)!);
    else tenant.revisions.delete(one);
  }
}

/** Somebody slow: looks up where chunks lie and reads them much later. */
async function read(tenant: MemoryTenant, turns: Turns, random: SeededRandom): Promise<void> {
  await turns.take();
  const held = [...tenant.revisions.keys()];
  if (held.length === 0) return;
  const revision = random.pick(held);
  const digest = random.pick(tenant.revisions.get(revision)!);
  const before = tenant.chunks.get(digest)!.place;
  await turns.take();
  if (tenant.objects.has(before.packId)) return;
  const after = tenant.chunks.get(digest)?.place;
  if (tenant.revisions.has(revision) && (after === undefined || !tenant.objects.has(after.packId)))
    throw new Error('a reader found nothing');
}

async function passTime(tenant: MemoryTenant, turns: Turns, random: SeededRandom): Promise<void> {
  for (let n = 0; n < 30; n += 1) {
    await turns.take(false);
    if (tenant.statementsInFlight === 0) tenant.now += random.integer(1, graceTime);
  }
}

async function collect(ground: CollectionGround, random: SeededRandom): Promise<void> {
  const keep = () => Promise.resolve();
  await collectTenant(ground, { limit: random.integer(1, 5), place: undefined, keep, pause: keep, signal: new AbortController().signal });
}

/** What a planted defect makes of collection's ground. */
export type Spoil = (ground: CollectionGround, tenant: MemoryTenant) => CollectionGround;

/**
 * Lets uploads, commits, purges, readers and two collectors live in one tenant, in an order that the seed decides, some of them
 * dying; then lets what the dead held expire and collection finish. Throws when anything referenced cannot be read.
 */
export async function playCollection(seed: number, spoil: Spoil = (ground) => ground): Promise<MemoryTenant> {
  const random = seededRandom(seed);
  const tenant = new MemoryTenant();
  const turns = new Turns(random);
  turns.deathRate = 0.01;
  const ground = spoil(tenant.ground(turns), tenant);
  for (let n = 0; n < 6; n += 1) {
    turns.start(async () => {
      for (let again = 0; again < 3; again += 1) await save(tenant, turns, random, `u${n}.${again}`);
    });
  }
  for (let n = 0; n < 3; n += 1) turns.start(() => rearrange(tenant, turns, random));
  for (let n = 0; n < 4; n += 1) turns.start(() => read(tenant, turns, random));
  for (let n = 0; n < 2; n += 1) {
    turns.start(async () => {
      for (let again = 0; again < 6; again += 1) await collect(ground, random);
    });
  }
  turns.start(() => passTime(tenant, turns, random));
  await turns.run(() => tenant.check());
  // What the dead held expires; then two grace periods later nothing dead is left.
  tenant.pins.clear();
  tenant.proofs.clear();
  turns.deathRate = 0;
  for (let round = 0; round < 5; round += 1) {
    tenant.now += 2 * graceTime;
    turns.start(() => collect(ground, random));
    await turns.run(() => tenant.check());
  }
  return tenant;
}
