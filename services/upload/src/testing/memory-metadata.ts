import { randomUUID } from 'node:crypto';
import { digestOf } from '@driftbox/chunking';
import {
  can,
  decodeRoot,
  decodeSegment,
  defaultLimits,
  emptyLedger,
  listIdOf,
  liveChildren,
  MemoryDrive,
  parsePath,
  type ChunkRef,
  type CommitId,
  type Digest,
  type DriveId,
  type EntryId,
  type Operation,
  type Outcome,
  type Role,
  type UserId,
} from '@driftbox/domain';
import { Problem, routes, type CheckedOperation, type Entry as WireEntry } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { present } from '../present.ts';

/** A drive of the memory metadata, and what belongs to it. */
export type HeldDrive = {
  readonly tenantId: string;
  readonly drive: MemoryDrive;
  readonly members: Map<UserId, Role>;
  /** Encoded segments and roots, retained or brought by an upload. */
  readonly blocks: Map<Digest, Uint8Array>;
  /** Which upload brought which of them. */
  readonly brought: Set<string>;
  readonly reservations: Map<string, number>;
};

function roleOf(members: ReadonlyMap<UserId, Role>, userId: UserId): Role {
  return present(members.get(userId), 'access was checked');
}

/**
 * The metadata service in memory: the same internal routes over domain's `MemoryDrive` and commit rule, for tests of what
 * talks to it. Where the real one keeps rows, this keeps maps; answers and refusals are the same.
 */
export class MemoryMetadata {
  /** Chunks that were reported as damaged, each as often as it was. */
  readonly reportedDamage: Digest[] = [];
  readonly drives = new Map<DriveId, HeldDrive>();
  readonly known = new Set<CommitId>();
  /** Bytes that all drives together may still grow by. */
  growBytes = Number.MAX_SAFE_INTEGER;
  /** How forwarded commits went: for tests that lose answers. */
  readonly commits: CommitId[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  addDrive(tenantId: string, owner: UserId): DriveId {
    const driveId = randomUUID() as DriveId;
    const around = { elsewhere: () => undefined };
    const drive = new MemoryDrive(
      { driveId, rootId: randomUUID() as EntryId, kind: 'home', epoch: randomUUID(), seq: 0, locked: false, ledger: emptyLedger },
      around,
    );
    this.drives.set(driveId, {
      tenantId,
      drive,
      members: new Map([[owner, 'owner']]),
      blocks: new Map(),
      brought: new Set(),
      reservations: new Map(),
    });
    return driveId;
  }

  /** The drive, if this user of this tenant may do that. */
  access(tenantId: string, userId: UserId, driveId: DriveId, verb: 'read' | 'write'): HeldDrive {
    const held = this.drives.get(driveId);
    const role = held?.members.get(userId);
    if (held === undefined || role === undefined || held.tenantId !== tenantId) throw new Problem('not_found');
    if (!can({ role }, verb, held.drive.drive)) throw new Problem('permission_denied');
    return held;
  }

  /** Every digest that a retained revision of the drive references: chunks, segments and roots. */
  possessed(held: HeldDrive): Set<Digest> {
    const digests = new Set<Digest>();
    for (const revisions of held.drive.revisions.values()) {
      for (const { body } of revisions) {
        if (body.kind !== 'file') continue;
        if (body.content.chunks !== undefined) for (const chunk of body.content.chunks) digests.add(chunk.digest);
        else for (const digest of this.#tree(held, body.content.listId)) digests.add(digest);
      }
    }
    return digests;
  }

  #tree(held: HeldDrive, listId: Digest): Digest[] {
    const block = (digest: Digest): Uint8Array => present(held.blocks.get(digest), 'a retained list has its blocks');
    const chunksOf = (digest: Digest) => present(decodeSegment(block(digest)), 'blocks were checked');
    const segments = present(decodeRoot(block(listId)), 'blocks were checked');
    return [listId, ...segments.flatMap(({ digest }) => [digest, ...chunksOf(digest).map((chunk) => chunk.digest)])];
  }

  #toDomain(held: HeldDrive, operation: CheckedOperation, uploadId: string | undefined): { operation: Operation; refused?: Outcome } {
    if (operation.op !== 'putFile') {
      const { mtime, ...rest } = { mtime: undefined, ...operation };
      return { operation: { ...rest, ...(mtime === undefined ? {} : { mtimeMs: Date.parse(mtime) }) } as Operation };
    }
    const { sizeBytes, listId, chunkList, mtime, ...rest } = operation;
    const known = chunkList ?? (sizeBytes === 0 ? [] : this.#knownChunks(held, listId, uploadId));
    const chunks = known === 'segmented' ? undefined : known;
    const domain: Operation = { ...rest, content: { listId, sizeBytes, chunks }, mtimeMs: Date.parse(mtime) };
    if (known === undefined) return { operation: domain, refused: { outcome: 'chunk_missing', digests: [listId] } };
    const wrong = chunkList !== undefined && listIdOf(chunkList, digestOf) !== listId;
    return wrong
      ? { operation: domain, refused: { outcome: 'invalid_argument', detail: 'listId does not name this chunk list' } }
      : { operation: domain };
  }

  #knownChunks(held: HeldDrive, listId: Digest, uploadId: string | undefined): readonly ChunkRef[] | 'segmented' | undefined {
    if (held.brought.has(`${uploadId} ${listId}`)) return 'segmented';
    const bodies = [...held.drive.revisions.values()].flat().map((revision) => revision.body);
    const body = bodies.find((one) => one.kind === 'file' && one.content.listId === listId);
    return body?.kind === 'file' ? (body.content.chunks ?? 'segmented') : undefined;
  }

  #affected(tenantId: string, digests: ReadonlySet<Digest>) {
    return [...this.drives].flatMap(([drive, { drive: held, members, tenantId: of }]) =>
      [...held.revisions.values()].flat().flatMap(({ entryId, rev, name, body }) => {
        const chunks = of === tenantId && body.kind === 'file' ? (body.content.chunks ?? []) : [];
        const owner = present([...members.keys()][0], 'a drive has an owner');
        return chunks.filter(({ digest }) => digests.has(digest)).map(({ digest }) => ({ digest, drive, owner, entryId, rev, name }));
      }),
    );
  }

  bindings(): RouteBinding[] {
    return [...this.#accessBindings(), ...this.#listBindings(), ...this.#commitBindings()];
  }

  #accessBindings(): RouteBinding[] {
    return [
      handle(routes.checkAccess, ({ tenantId, actor, params, body }) => {
        const { drive, members } = this.access(tenantId, actor.userId, params.drive, body.verb);
        return { driveEpoch: drive.drive.epoch, rootId: drive.drive.rootId, role: roleOf(members, actor.userId) };
      }),
      handle(routes.checkPossession, ({ tenantId, actor, params, body }) => {
        const possessed = this.possessed(this.access(tenantId, actor.userId, params.drive, body.verb));
        return { possessed: body.digests.filter((digest) => possessed.has(digest)) };
      }),
      handle(routes.reserveBytes, ({ tenantId, actor, params, body }) => {
        const held = this.access(tenantId, actor.userId, params.drive, 'write');
        if (body.sizeBytes > this.growBytes) throw new Problem('quota_exceeded');
        held.reservations.set(params.upload, body.sizeBytes);
        return undefined;
      }),
      handle(routes.releaseReservation, ({ tenantId, actor, params }) => {
        this.access(tenantId, actor.userId, params.drive, 'write').reservations.delete(params.upload);
        return undefined;
      }),
      handle(routes.resolveForWrite, ({ tenantId, actor, params, body }) => {
        const { drive } = this.access(tenantId, actor.userId, params.drive, 'write');
        const path = parsePath(body.path);
        if (!path.ok || path.names.length === 0) throw new Problem('invalid_argument', path.ok ? 'The root is not a file' : path.detail);
        let parentId = drive.drive.rootId;
        for (const name of path.names.slice(0, -1)) {
          const folder = liveChildren(drive, parentId).find((child) => child.name === name);
          if (folder?.body.kind !== 'folder') throw new Problem('not_found');
          parentId = folder.entryId;
        }
        const name = present(path.names.at(-1), 'it is not the root');
        const entry = liveChildren(drive, parentId).find((child) => child.name === name);
        return {
          driveEpoch: drive.drive.epoch,
          parentId,
          name,
          ...(entry === undefined ? {} : { entry: { entryId: entry.entryId, kind: entry.body.kind, rev: entry.rev } }),
        };
      }),
    ];
  }

  #listBindings(): RouteBinding[] {
    return [
      handle(routes.storeSegments, ({ tenantId, actor, params, body }) => {
        const held = this.access(tenantId, actor.userId, params.drive, 'write');
        for (const { digest, bytes } of body.segments) {
          held.blocks.set(digest, Buffer.from(bytes, 'base64'));
          held.brought.add(`${body.uploadId} ${digest}`);
        }
        return undefined;
      }),
      handle(routes.readSegments, ({ tenantId, actor, params, body }) => {
        const held = this.access(tenantId, actor.userId, params.drive, 'read');
        const possessed = this.possessed(held);
        const visible = (digest: Digest): boolean => possessed.has(digest) || held.brought.has(`${body.uploadId} ${digest}`);
        return {
          segments: body.digests.flatMap((digest) =>
            visible(digest) && held.blocks.has(digest)
              ? [{ digest, bytes: Buffer.from(held.blocks.get(digest) ?? []).toString('base64') }]
              : [],
          ),
        };
      }),
      handle(routes.locateContent, ({ tenantId, actor, params, query }) => {
        const { drive } = this.access(tenantId, actor.userId, params.drive, 'read');
        const entry = drive.entries.get(params.entry);
        const revision = query.rev === undefined ? entry : drive.revision(params.entry, query.rev);
        if (entry === undefined || revision?.body.kind !== 'file') throw new Problem('not_found');
        const { content, mtimeMs } = revision.body;
        const { listId, sizeBytes, chunks } = content;
        return {
          name: revision.name,
          rev: revision.rev,
          sizeBytes,
          mtime: new Date(mtimeMs).toISOString(),
          listId,
          ...(chunks === undefined ? {} : { chunks: [...chunks] }),
        };
      }),
      handle(routes.getEntry, ({ tenantId, actor, params }) => {
        const { drive } = this.access(tenantId, actor.userId, params.drive, 'read');
        const entry = drive.entries.get(params.entry);
        if (entry === undefined || entry.body.kind !== 'file') throw new Problem('not_found');
        const { entryId, parentId, name, rev, seq, body } = entry;
        const { listId, sizeBytes, chunks } = body.content;
        return {
          kind: 'file',
          entryId,
          drive: params.drive,
          parentId,
          name,
          rev,
          seq,
          modifiedAt: new Date(this.#nowMs()).toISOString(),
          modifiedBy: actor.userId,
          sizeBytes,
          mtime: new Date(body.mtimeMs).toISOString(),
          executable: body.executable,
          listId,
          ...(chunks === undefined ? {} : { chunks: [...chunks] }),
        } satisfies WireEntry;
      }),
    ];
  }

  #commitBindings(): RouteBinding[] {
    return [
      handle(routes.forwardCommit, ({ tenantId, actor, params, body }) => {
        const held = this.access(tenantId, actor.userId, params.drive, 'read');
        if (!this.known.has(body.commitId) && this.#nowMs() > Date.parse(body.commitBy))
          throw new Problem('unavailable', 'The commit came too late');
        this.commits.push(body.commitId);
        const operations = body.operations.map((operation) => this.#toDomain(held, operation, body.uploadId));
        const refused = new Map(operations.flatMap((one, index) => (one.refused === undefined ? [] : [[index, one.refused] as const])));
        const result = held.drive.commit({
          driveEpoch: body.driveEpoch,
          operations: operations.map((one) => one.operation),
          atomic: body.atomic,
          role: roleOf(held.members, actor.userId),
          author: { by: actor.userId, device: actor.deviceId },
          limits: defaultLimits,
          nowMs: this.#nowMs(),
          refused,
          budget: { growBytes: this.growBytes, limit: 'tenant', limitBytes: 0, usedBytes: 0 },
        });
        if (result.result !== 'done') throw new Problem(result.result);
        this.known.add(body.commitId);
        return { outcomes: result.outcomes.map((outcome) => structuredClone(outcome) as never), seq: result.seq };
      }),
      handle(routes.findReferenced, ({ tenantId, body }) => {
        const referenced = new Set(
          [...this.drives.values()].flatMap((held) => (held.tenantId === tenantId ? [...this.possessed(held)] : [])),
        );
        return { referenced: body.digests.filter((digest) => referenced.has(digest)) };
      }),
      handle(routes.listReferenced, ({ tenantId, body }) => {
        const named = [...this.drives.values()].flatMap((held) => (held.tenantId === tenantId ? [...this.possessed(held)] : []));
        const digests = [...new Set(named)].filter((digest) => digest > (body.after ?? '')).sort();
        return { digests: digests.slice(0, body.limit) };
      }),
      handle(routes.checkDrives, ({ tenantId }) => {
        const drives = [...this.drives.values()].filter((held) => held.tenantId === tenantId).length;
        return { drives, findings: [] };
      }),
      handle(routes.reportDamage, ({ body }) => void this.reportedDamage.push(...body.digests)),
      handle(routes.findAffected, ({ tenantId, body }) => ({ revisions: this.#affected(tenantId, new Set(body.digests)) })),
      handle(routes.getCommitStatus, ({ params }) => ({
        known: this.known.has(params.commit),
        now: new Date(this.#nowMs()).toISOString(),
      })),
    ];
  }
}
