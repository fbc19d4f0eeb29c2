import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '@driftbox/api-client';
import { decodeFromWire, digestOf } from '@driftbox/chunking';
import {
  MemoryDrive,
  buildChunkList,
  decodeRoot,
  defaultLimits,
  emptyLedger,
  liveChildren,
  livePath,
  openChunkList,
  parseDriveId,
  parseEntryId,
  parseUserId,
} from '@driftbox/domain';
import type { ChunkRef, Digest, EntryId } from '@driftbox/domain';
import { Problem, commitBody, decodeFrames, encodeFrame, framesMediaType, problemDetails } from '@driftbox/protocol';
import type { CommitAnswer } from '@driftbox/protocol';
import { newId } from '@driftbox/transfer';
import { toOperation } from './to-operation.ts';
import { presentEntry } from './present-entry.ts';

export type Seen = { readonly method: string; readonly path: string; readonly bytes: number };

/** A server in memory for the tests of this client: one user, one home drive under the real commit rule, chunks in a map. */
export type MemoryServer = {
  readonly address: string;
  readonly drive: MemoryDrive;
  readonly blobs: Map<Digest, Uint8Array>;
  /** Every request that was answered, with the bytes of its body. */
  readonly seen: Seen[];
  /** Answers the next request that `matches` with a problem instead of doing it. */
  failNext(matches: (seen: Seen) => boolean, problem: Problem): void;
  close(): Promise<void>;
};

const userId = newId(parseUserId);

export async function startMemoryServer(): Promise<MemoryServer> {
  const drive = new MemoryDrive({
    driveId: newId(parseDriveId),
    rootId: newId(parseEntryId),
    kind: 'home',
    epoch: newId(parseDriveId),
    seq: 0,
    locked: false,
    ledger: emptyLedger,
  });
  const blobs = new Map<Digest, Uint8Array>();
  const seen: Seen[] = [];
  const failures: { matches: (seen: Seen) => boolean; problem: Problem }[] = [];
  const server = http.createServer((request, response) => {
    void (async () => {
      const body = Buffer.from(await readBody(request, 2 ** 28));
      const now = { method: request.method ?? '', path: request.url ?? '', bytes: body.length };
      seen.push(now);
      try {
        const failure = failures.findIndex((one) => one.matches(now));
        if (failure >= 0) throw failures.splice(failure, 1)[0]!.problem;
        const answer = await answerTo(
          { drive, blobs },
          now.method,
          new URL(now.path, 'http://server'),
          request.headers['content-type'],
          body,
        );
        if (answer instanceof Uint8Array) response.writeHead(200, { 'content-type': framesMediaType }).end(answer);
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem('internal', String(error), { cause: error });
        response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problemDetails(problem)));
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, drive, blobs, seen, failNext: (matches, problem) => void failures.push({ matches, problem }), close };
}

type World = { readonly drive: MemoryDrive; readonly blobs: Map<Digest, Uint8Array> };

async function answerTo(world: World, method: string, url: URL, contentType: string | undefined, body: Buffer): Promise<unknown> {
  const { drive, blobs } = world;
  const parts = url.pathname.split('/').slice(2);
  const route = `${method} ${parts.map((part) => (/^[0-9a-f-]{36}$/.test(part) ? '_' : part)).join('/')}`;
  const present = (entryId: EntryId) => presentEntry(drive, entryId, userId);
  switch (route) {
    case 'GET drives':
      return { items: [presentDrive(drive)] };
    case 'GET me':
      return {
        userId,
        tenantId: userId,
        email: 'ada@example.com',
        emailVerified: true,
        displayName: 'Ada',
        role: 'member',
        createdAt: new Date(0).toISOString(),
      };
    case 'GET drives/_/resolve':
      return present(resolve(drive, url.searchParams.get('path') ?? ''));
    case 'GET drives/_/entries/_/children':
      return { items: liveChildren(drive, parts[3] as EntryId).map((entry) => present(entry.entryId)) };
    case 'GET drives/_/entries/_/descendants':
      return { items: below(drive, parts[3] as EntryId).map(present) };
    case 'GET drives/_/trash':
      return { items: [...drive.entries.values()].filter((entry) => entry.trashed !== undefined).map((entry) => present(entry.entryId)) };
    case 'POST drives/_/chunks/missing':
      return { missing: (JSON.parse(body.toString()) as { digests: Digest[] }).digests.filter((digest) => !blobs.has(digest)) };
    case 'PUT drives/_/chunks':
      return { results: (await receive(world, body)).results };
    case 'POST drives/_/commits':
      return commit(world, contentType === framesMediaType ? (await receive(world, body)).commit : JSON.parse(body.toString()));
    case 'POST drives/_/chunks/fetch':
      return fetch(blobs, (JSON.parse(body.toString()) as { digests: Digest[] }).digests);
    case 'DELETE drives/_/uploads/_':
      return {};
    default:
      throw new Problem('not_found', `no ${route}`);
  }
}

async function receive({ blobs }: World, body: Buffer): Promise<{ results: { digest: Digest; result: string }[]; commit: unknown }> {
  const results: { digest: Digest; result: string }[] = [];
  let json: unknown;
  for await (const frame of decodeFrames(oneRead(body))) {
    const bases = frame.bases.map((base) => blobs.get(base)).filter((bytes) => bytes !== undefined);
    if (bases.length < frame.bases.length) {
      results.push({ digest: frame.digest, result: 'base_missing' });
      continue;
    }
    const decoded = await decodeFromWire(frame, frame.payload, bases);
    if (!decoded.ok) throw new Problem('digest_mismatch', decoded.reason);
    if (frame.kind === 'commit') json = JSON.parse(Buffer.from(decoded.bytes).toString());
    else {
      blobs.set(frame.digest, Uint8Array.from(decoded.bytes));
      results.push({ digest: frame.digest, result: 'stored' });
    }
  }
  return { results, commit: json };
}

function commit({ drive, blobs }: World, json: unknown): CommitAnswer {
  const body = commitBody.parse(json);
  const refused = new Map<number, { outcome: 'chunk_missing'; digests: Digest[] }>();
  const operations = body.operations.map((operation, index) => {
    const chunks = operation.op === 'putFile' ? contentOf(blobs, operation) : [];
    const missing = chunks.filter((chunk) => !blobs.has(chunk.digest)).map((chunk) => chunk.digest);
    if (missing.length > 0) refused.set(index, { outcome: 'chunk_missing', digests: missing });
    if (operation.op === 'putFile') keepList(blobs, chunks);
    return toOperation(operation, chunks);
  });
  const unlimited = Number.MAX_SAFE_INTEGER;
  const result = drive.commit({
    driveEpoch: body.driveEpoch,
    operations,
    atomic: body.atomic,
    author: { by: userId, device: undefined },
    role: 'owner',
    budget: { growBytes: unlimited, limit: 'user', limitBytes: unlimited, usedBytes: 0 },
    limits: defaultLimits,
    nowMs: Date.now(),
    refused,
  });
  if (result.result !== 'done') throw new Problem(result.result);
  return { outcomes: result.outcomes as CommitAnswer['outcomes'], seq: result.seq };
}

type PutFile = Extract<ReturnType<typeof commitBody.parse>['operations'][number], { op: 'putFile' }>;

function contentOf(blobs: World['blobs'], operation: PutFile): readonly ChunkRef[] {
  if (operation.chunkList !== undefined) return operation.chunkList;
  const listId = operation.listId ?? operation.chunkListDelta!.baseListId;
  const root = blobs.get(listId)!;
  const blocks = decodeRoot(root)!.map(({ digest }) => ({ digest, bytes: blobs.get(digest)! }));
  const opened = openChunkList(listId, root, blocks, digestOf);
  if (!opened.ok) throw new Problem('invalid_argument', opened.detail);
  const chunks = [...opened.chunks];
  for (const { at, remove, insert } of operation.chunkListDelta?.splices.toReversed() ?? []) chunks.splice(at, remove, ...insert);
  return chunks;
}

function keepList(blobs: World['blobs'], chunks: readonly ChunkRef[]): void {
  const list = buildChunkList(chunks, digestOf);
  if (list.form === 'segmented') for (const block of [...list.segments, list.root]) blobs.set(block.digest, block.bytes);
}

function fetch(blobs: World['blobs'], digests: readonly Digest[]): Uint8Array {
  return Buffer.concat(
    digests.flatMap((digest) => {
      const payload = blobs.get(digest);
      if (payload === undefined) throw new Problem('chunk_missing');
      return encodeFrame({ kind: 'chunk', digest, plainSize: payload.length, encoding: 'raw', bases: [], payload });
    }),
  );
}

function resolve(drive: MemoryDrive, path: string): EntryId {
  let entryId = drive.drive.rootId;
  for (const name of path.split('/').filter((part) => part !== '')) {
    const child = liveChildren(drive, entryId).find((entry) => entry.name === name);
    if (child === undefined) throw new Problem('not_found');
    entryId = child.entryId;
  }
  return entryId;
}

function below(drive: MemoryDrive, folder: EntryId): EntryId[] {
  return liveChildren(drive, folder).flatMap((entry) => [entry.entryId, ...below(drive, entry.entryId)]);
}

function presentDrive({ drive }: MemoryDrive) {
  const { driveId, rootId, epoch, seq } = drive;
  return {
    drive: driveId,
    rootId,
    name: 'Home',
    kind: 'home',
    owner: userId,
    role: 'owner',
    driveEpoch: epoch,
    seq,
    createdAt: new Date(0).toISOString(),
  };
}

/** The content of the file at a path, put together from its chunks. */
export function contentAt(server: MemoryServer, path: string): Buffer {
  const entry = server.drive.entries.get(resolve(server.drive, path));
  if (entry?.body.kind !== 'file') throw new TypeError(`${path} is no file`);
  const { content } = entry.body;
  const chunks = content.chunks ?? contentOf(server.blobs, { op: 'putFile', listId: content.listId } as PutFile);
  return Buffer.concat(chunks.map((chunk) => server.blobs.get(chunk.digest)!));
}

/** Every live path of the server, folders with a slash at their end. */
export function pathsOf({ drive }: MemoryServer): string[] {
  return below(drive, drive.drive.rootId)
    .map((entryId) => `/${livePath(drive, entryId)!.join('/')}${drive.entries.get(entryId)!.body.kind === 'folder' ? '/' : ''}`)
    .sort();
}

async function* oneRead(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
