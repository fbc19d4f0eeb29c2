import { randomUUID } from 'node:crypto';
import { beforeEach, expect } from '@jest/globals';
import { buildChunkList, type ChunkRef, type DriveId, type TenantId } from '@driftbox/domain';
import { routes, type CommitAnswer } from '@driftbox/protocol';
import type { TestDatabase } from '@driftbox/testkit';
import { sha256 } from '../operation.ts';
import { forward, type Door, type Person, type Wire } from './door.ts';
import { useDoor } from './use-door.ts';
import { newTenant, newUser } from './world.ts';

/** Two people of a fresh tenant at the door, and the home drive of the first. */
export type Scene = {
  db: TestDatabase;
  door: Door;
  ada: Person;
  eve: Person;
  tenantId: TenantId;
  drive: DriveId;
  rootId: string;
  driveEpoch: string;
  inDrive(): { params: { drive: DriveId } };
  onEntry(entry: string): { params: { drive: DriveId; entry: string } };
  folder(name: string, parentId?: string): ReturnType<typeof newFolder>;
  file(name: string, chunks: ChunkRef[], over?: Record<string, unknown>): ReturnType<typeof newFile>;
  /** Commits as upload would for Ada. */
  commit(operations: Wire[], over?: Record<string, unknown>): Promise<CommitAnswer>;
};

export const mtime = '2026-01-02T03:04:05.000Z';
export const digest = (text: string) => sha256(Buffer.from(text));
export const chunk = (text: string, sizeBytes = 10): ChunkRef => ({ digest: digest(text), sizeBytes });
export const kinds = (answer: CommitAnswer) => answer.outcomes.map(({ outcome }) => outcome);
export const problem = (code: string) => expect.objectContaining({ code });
/** A file's content alone, to write it once more. */
export const pick = ({ listId, chunkList, sizeBytes }: ReturnType<typeof newFile>) => ({ listId, chunkList, sizeBytes });

const newFolder = (name: string, parentId: string) => ({
  op: 'createFolder' as const,
  entryId: randomUUID() as string,
  writeId: randomUUID(),
  parentId,
  name,
});

function newFile(name: string, parentId: string, chunks: ChunkRef[], over: Record<string, unknown>) {
  const { form, listId, sizeBytes } = buildChunkList(chunks, sha256);
  const base = { op: 'putFile' as const, entryId: randomUUID() as string, writeId: randomUUID(), parentId, name, baseRev: null, mtime };
  return { ...base, sizeBytes, listId, chunkList: form === 'inline' ? chunks : undefined, ...over };
}

/** Opens the door for a test file and hands out a fresh scene before each test. */
export function useScene(take: (scene: Scene) => void): void {
  let db: TestDatabase;
  let door: Door;
  useDoor((opened, at) => {
    db = opened;
    door = at;
  });
  beforeEach(async () => take(await newScene(db, door)));
}

async function newScene(db: TestDatabase, door: Door): Promise<Scene> {
  const tenantId = newTenant();
  await door.admin.call(routes.putTenantInMetadata, { params: { tenant: tenantId }, body: { tenantId, name: 'Acme', hosts: [] } });
  const ada = door.as(tenantId, newUser());
  const [home] = (await ada.user.call(routes.listDrives)).items;
  if (home === undefined) throw new Error('no home drive was made');
  const { drive, rootId, driveEpoch } = home;
  return {
    db,
    door,
    ada,
    eve: door.as(tenantId, newUser()),
    tenantId,
    drive,
    rootId,
    driveEpoch,
    inDrive: () => ({ params: { drive } }),
    onEntry: (entry) => ({ params: { drive, entry } }),
    folder: (name, parentId = rootId) => newFolder(name, parentId),
    file: (name, chunks, over = {}) => newFile(name, rootId, chunks, over),
    commit: (operations, over = {}) => forward(ada, { drive, driveEpoch, operations, ...over }),
  };
}
