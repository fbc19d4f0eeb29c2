import { randomUUID } from 'node:crypto';
import { createClient, type Client, type Transport } from '@driftbox/api-client';
import { parseDriveId, parseEntryId, type DriveId, type UserId } from '@driftbox/domain';
import { Problem, problemDetails, type Head } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';

/** Metadata as sync knows it: the drives that the bearer of a token may read. */
export type StandInMetadata = {
  readonly client: Client;
  /** Lets the user read the drive; answers its head. */
  grant(userId: UserId, head?: Head): Head;
  revoke(userId: UserId, drive: DriveId): void;
  /** Moves a drive on by one, and answers its head. */
  commit(drive: DriveId): Head;
  /** Questions so far. */
  questions(): number;
  /** Makes it be away. */
  away: boolean;
};

/** Answers `GET /v1/drives` alone; `userOf` reads a token. */
export function standInMetadata(userOf: (token: string) => UserId): StandInMetadata {
  const heads = new Map<DriveId, Head>();
  const grants = new Map<UserId, Set<DriveId>>();
  let questions = 0;

  const present = (owner: UserId) => (drive: DriveId) => ({
    ...heads.get(drive)!,
    rootId: newId(parseEntryId),
    name: 'Files',
    kind: 'shared',
    owner,
    role: 'editor',
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const transport: Transport = async ({ headers }) => {
    questions += 1;
    const userId = userOf((headers['authorization'] ?? '').slice('Bearer '.length));
    const items = [...(grants.get(userId) ?? [])].map(present(userId));
    const body = standIn.away ? problemDetails(new Problem('unavailable')) : { items };
    const type = standIn.away ? 'application/problem+json' : 'application/json';
    const bytes = (async function* () {
      yield Buffer.from(JSON.stringify(body));
    })();
    return { status: standIn.away ? 503 : 200, headers: { 'content-type': type }, body: bytes };
  };
  const standIn: StandInMetadata = {
    away: false,
    client: createClient({ transport, retry: { attempts: 1 } }),
    questions: () => questions,
    grant: (userId, head = { drive: newId(parseDriveId), driveEpoch: randomUUID(), seq: 0 }) => {
      heads.set(head.drive, heads.get(head.drive) ?? head);
      grants.set(userId, (grants.get(userId) ?? new Set()).add(head.drive));
      return head;
    },
    revoke: (userId, drive) => void grants.get(userId)?.delete(drive),
    commit: (drive) => {
      const head = heads.get(drive)!;
      const next = { ...head, seq: head.seq + 1 };
      heads.set(drive, next);
      return next;
    },
  };
  return standIn;
}
