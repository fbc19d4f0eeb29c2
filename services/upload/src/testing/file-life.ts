import { randomUUID } from 'node:crypto';
import type { WriteId } from '@driftbox/domain';
import type { WireOperation } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { chunkFrame, commitFrames, commitJson, fetchFrames, putFileOperation, refOf, sha256 } from './person-requests.ts';
import type { Person, World } from './world.ts';

/** The pieces of a saved file, and its entry. */
export type SavedFile = { readonly entryId: string; readonly pieces: readonly Buffer[] };

const writeId = () => randomUUID() as WriteId;

/** Saves a file of these chunks at the top of the person's drive, bytes and commit in one request. */
export async function saveFile(world: World, person: Person, pieces: readonly Buffer[]): Promise<SavedFile> {
  const rootId = world.metadata.drives.get(person.drive)!.drive.drive.rootId;
  const operation = putFileOperation(rootId, randomUUID(), pieces.map(refOf));
  const { outcomes } = await commitFrames(
    person,
    pieces.map((piece) => chunkFrame(piece)),
    [operation],
  );
  if (outcomes[0]?.outcome !== 'committed') throw new Error(`not saved: ${JSON.stringify(outcomes)}`);
  await untilUnpinned(world);
  return { entryId: operation.entryId, pieces };
}

/** Deletes a file for good. */
export async function purgeFile(world: World, person: Person, file: SavedFile): Promise<void> {
  const { drive, entries } = world.metadata.drives.get(person.drive)!.drive;
  const { rev } = entries.get(file.entryId as never)!;
  const of = { entryId: file.entryId as never };
  const operations: WireOperation[] = [
    { op: 'delete', ...of, writeId: writeId(), baseRev: rev, seenSeq: drive.seq },
    { op: 'purge', ...of, writeId: writeId() },
  ];
  const { outcomes } = await commitJson(person, operations);
  if (outcomes.some(({ outcome }) => outcome !== 'committed')) throw new Error(`not purged: ${JSON.stringify(outcomes)}`);
  await untilUnpinned(world);
}

/** What a commit pinned is released a moment after its answer, many commits at a time. */
async function untilUnpinned({ test }: World): Promise<void> {
  await waitFor(async () => (await test.adminQuery('SELECT FROM pins WHERE is_commit LIMIT 1')).length === 0, {
    what: 'pins to be released',
  });
}

/** Throws unless every byte of the files can be read. */
export async function expectReadable(person: Person, files: Iterable<SavedFile>): Promise<void> {
  const wanted = [...new Set([...files].flatMap(({ pieces }) => pieces.map(sha256)))];
  if (wanted.length === 0) return;
  const got = (await fetchFrames(person, wanted)).map(({ payload }) => sha256(payload));
  if (got.join() !== wanted.join()) throw new Error('some chunks came back as others');
}

/** Lets so many days pass for everything that the pool holds. */
export async function passDays(world: World, days: number): Promise<void> {
  const ago = (column: string) => `${column} = ${column} - make_interval(days => ${days})`;
  await world.test.adminQuery(`UPDATE chunks SET ${ago('condemned_at')}`);
  await world.test.adminQuery(`UPDATE packs SET ${ago('created_at')}, ${ago('dead_at')}`);
}
