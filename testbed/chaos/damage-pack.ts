import { parseEntryId, parseWriteId, type EntryId } from '@driftbox/domain';
import { newId, waitFor, type SeededRandom } from '@driftbox/testkit';
import { oneChunk, sendCommit } from '../src/api-user.ts';
import type { Content } from './ledger.ts';
import type { Person } from './people.ts';
import type { Checked, ChaosTarget } from './target.ts';
import { readRevision } from './work.ts';

/** Damages packs on purpose, one at a time, and demands that each is found, named, and never served. */
export type Damage = {
  /** True while something is damaged. */
  readonly isThere: () => boolean;
  readonly packs: () => number;
  /** Damages the pack of a file that was just written, and mends it. Throws where the promise is not kept. */
  once(): Promise<string>;
};

type Probe = { readonly entryId: EntryId; readonly content: Content };

const probeBytes = 700_000;
const deadlineMs = 120_000;
/** One byte of so many is made another: no frame of the pack remains whole. */
const stride = 997;

/** Damage by `warden`, somebody whose files nobody else touches. */
export function createDamage(target: ChaosTarget, warden: Person, random: SeededRandom): Damage {
  let isThere = false;
  let packs = 0;
  return {
    isThere: () => isThere,
    packs: () => packs,
    once: async () => {
      const before = await target.pool.list();
      const probe = await putProbe(warden, random.bytes(probeBytes));
      for (const [pack, sizeBytes] of await target.pool.list()) {
        if (before.has(pack) || sizeBytes < probeBytes) continue;
        isThere = true;
        try {
          if (!(await damageAndMend(target, warden, pack, probe))) continue;
        } finally {
          isThere = false;
        }
        packs += 1;
        return `pack ${pack} was found and named, and is whole again`;
      }
      throw new Error('no pack of the file that was just written is in the pool');
    },
  };
}

async function putProbe(warden: Person, bytes: Uint8Array): Promise<Probe> {
  const [entryId, content] = [newId(parseEntryId), oneChunk(bytes)];
  const operation = {
    op: 'putFile' as const,
    writeId: newId(parseWriteId),
    entryId,
    parentId: warden.user.drive.rootId,
    name: entryId,
    baseRev: null,
    sizeBytes: bytes.length,
    mtime: '2026-01-01T00:00:00.000Z',
    chunkList: [content],
  };
  const put = async (): Promise<true> => {
    const [outcome] = (await sendCommit({ client: warden.judge, drive: warden.user.drive }, [operation], [bytes])).outcomes;
    if (outcome?.outcome !== 'committed') throw new Error(`the probe was not committed: ${JSON.stringify(outcome)}`);
    warden.ledger.acknowledge(entryId, { ...outcome, content, place: { parentId: operation.parentId, name: operation.name } });
    return true;
  };
  await waitFor(put, { deadlineMs, longestPauseMs: 1_000, what: 'a file to damage' });
  return { entryId, content };
}

/** Answers false when the probe is not in this pack. */
async function damageAndMend(target: ChaosTarget, warden: Person, pack: string, probe: Probe): Promise<boolean> {
  const whole = await target.pool.read(pack);
  const damaged = Buffer.from(whole);
  for (let at = 0; at < damaged.length; at += stride) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
  await target.pool.replace(pack, damaged);
  try {
    const read = await readAnswered(warden, probe);
    if (read === 'same') return false;
    if (read !== 'content_damaged') throw new Error(`content of the damaged pack ${pack} was answered with: ${read}`);
    requireNamed(await target.check(), pack, probe);
  } finally {
    await target.pool.replace(pack, whole);
  }
  const again = await readAnswered(warden, probe);
  if (again !== 'same') throw new Error(`content of the mended pack ${pack} was answered with: ${again}`);
  return true;
}

async function readAnswered(warden: Person, { entryId, content }: Probe): Promise<string> {
  const read = async (): Promise<string | undefined> => {
    const found = await readRevision({ client: warden.judge, drive: warden.user.drive }, entryId, 1, content);
    return found === 'unavailable' ? undefined : found;
  };
  return waitFor(read, { deadlineMs, longestPauseMs: 1_000, what: 'an answer for content' });
}

function requireNamed({ findings }: Checked, pack: string, { entryId }: Probe): void {
  const others = findings.filter((one) => !('packId' in one) || one.packId !== pack);
  if (others.length > 0) throw new Error(`besides the damaged pack ${pack} a check found ${JSON.stringify(others).slice(0, 2_000)}`);
  const named = findings.some((one) => 'revisions' in one && one.revisions.some((revision) => revision.entryId === entryId));
  if (!named) throw new Error(`a check of the damaged pack ${pack} named no revision of ${entryId}`);
}
