import { createClient, piecesOf, readBody } from '@driftbox/api-client';
import type { Client, Transport } from '@driftbox/api-client';
import { decodeFromWire } from '@driftbox/chunking';
import { parseDriveId, parseUploadId } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { decodeFrames, encodeFrame } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { createAsker } from '../asker.ts';
import { BatchSender } from '../batch-sender.ts';
import type { FileSender } from '../send-file.ts';
import type { SentOperation } from '../sent-operation.ts';

/** The other side of transfers, in memory: it holds what it is sent, lacks the rest, and says that every operation is committed. */
export type MemorySide = {
  readonly client: Client;
  readonly drive: Drive;
  readonly blobs: Map<Digest, Uint8Array>;
  /** Of those, what it can no longer read. As a server does, it reads some at once, and names the damage if it comes among the first. */
  readonly damaged: Set<Digest>;
  readonly operations: SentOperation[];
  /** Paths of the requests, and the bytes of their bodies. */
  readonly seen: { readonly path: string; readonly bytes: number }[];
  /** A run that sends to it. */
  run(signal?: AbortSignal): FileSender;
};

/** Chunks of one look at what is stored. */
const readAtOnce = 4;

const drive = { drive: newId(parseDriveId), driveEpoch: newId(parseDriveId) } as unknown as Drive;

export function memorySide(): MemorySide {
  const blobs = new Map<Digest, Uint8Array>();
  const damaged = new Set<Digest>();
  const operations: SentOperation[] = [];
  const seen: { path: string; bytes: number }[] = [];
  const receive = async (body: Uint8Array): Promise<SentOperation[]> => {
    let commit: SentOperation[] = [];
    for await (const frame of decodeFrames(piecesOf(body))) {
      const decoded = await decodeFromWire(
        frame,
        frame.payload,
        frame.bases.map((base) => blobs.get(base)!),
      );
      if (!decoded.ok) throw new TypeError(decoded.reason);
      if (frame.kind === 'commit') commit = operationsIn(decoded.bytes);
      else blobs.set(frame.digest, Uint8Array.from(decoded.bytes));
    }
    return commit;
  };
  const read = (digests: readonly Digest[]): Answer => {
    const groups = Array.from({ length: Math.ceil(digests.length / readAtOnce) }, (_, n) =>
      digests.slice(n * readAtOnce, (n + 1) * readAtOnce),
    );
    const first = groups.findIndex((group) => group.some((digest) => damaged.has(digest)));
    if (first === 0) return contentDamaged();
    const isWhole = first === -1;
    const good = isWhole ? groups : groups.slice(0, first);
    const body = Buffer.concat(good.flat().flatMap((digest) => rawFrame(digest, blobs.get(digest)!)));
    return { ...answer(body), body: isWhole ? piecesOf(body) : brokenAfter(body) };
  };
  const transport: Transport = async ({ path, headers, body }) => {
    const bytes = await readBody(piecesOf(body), 2 ** 28);
    seen.push({ path, bytes: bytes.length });
    const framed = headers['content-type']?.includes('frames') === true;
    if (path.endsWith('/missing')) return json({ missing: digestsIn(bytes).filter((digest) => !blobs.has(digest)) });
    if (path.endsWith('/fetch')) return read(digestsIn(bytes));
    if (!path.endsWith('/commits')) return json({ results: await receive(bytes) });
    const sent = framed ? await receive(bytes) : operationsIn(bytes);
    operations.push(...sent);
    return json({ seq: 1, outcomes: sent.map(({ entryId }) => ({ outcome: 'committed', entryId, rev: 1, seq: 1 })) });
  };
  const client = createClient({ transport });
  const run = (signal = new AbortController().signal): FileSender => {
    const upload = newId(parseUploadId);
    const uploadId = async () => upload;
    const sender = new BatchSender({ client, drive, uploadId, uploadOpen: () => true, sent: () => undefined });
    const asker = createAsker({ client, drive, uploadId, sizeBytes: 2 ** 30, resumed: false });
    return { client, drive, sender, asker, signal, progressed: () => undefined };
  };
  return { client, drive, blobs, damaged, operations, seen, run };
}

const operationsIn = (bytes: Uint8Array) => (JSON.parse(Buffer.from(bytes).toString()) as { operations: SentOperation[] }).operations;
const digestsIn = (bytes: Uint8Array) => (JSON.parse(Buffer.from(bytes).toString()) as { digests: Digest[] }).digests;
const answer = (body: Uint8Array) => ({ status: 200, headers: {}, body: piecesOf(body) });
const json = (value: unknown) => answer(Buffer.from(JSON.stringify(value)));
const rawFrame = (digest: Digest, payload: Uint8Array) =>
  encodeFrame({ kind: 'chunk', digest, plainSize: payload.length, encoding: 'raw', bases: [], payload });

type Answer = Awaited<ReturnType<Transport>>;

const contentDamaged = (): Answer => ({
  ...json({ code: 'content_damaged', title: 'damaged', status: 500, retryable: false }),
  status: 500,
  headers: { 'content-type': 'application/problem+json' },
});

async function* brokenAfter(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
  throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}
