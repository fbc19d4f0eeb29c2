import type { Client } from '@driftbox/api-client';
import { decodeFromWire } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';
import { FrameError, Problem, decodeFrames, defaultFrameLimits, routes } from '@driftbox/protocol';
import type { Drive, Frame } from '@driftbox/protocol';
import { digestBytes, freeOwn, giveShared, takeShared } from '@driftbox/threads';

/** Verified plain bytes from the server, which may be given back (`giveShared`), and what they cost on the wire. */
export type Plain = { readonly digest: Digest; readonly bytes: Uint8Array; readonly wireBytes: number };

/** What the caller can lend to be sent less, and what becomes of chunks that cannot be read. */
export type FetchOptions = {
  /** Per digest, chunks that the caller can hand in as bases. */
  readonly have?: ReadonlyMap<Digest, readonly Digest[]>;
  /** The plain bytes of a base that was offered. */
  readonly readBase?: (digest: Digest) => Promise<Uint8Array>;
  /** Told of each chunk that the server has and cannot read, and all others come. Without it such a chunk fails the whole call. */
  readonly damaged?: (digest: Digest, problem: Problem) => void;
  readonly signal?: AbortSignal;
};

/** Most digests of one request. */
export const maxFetched = 1000;
/** Times in a row that a broken answer is taken up again where it broke. */
const maxResumes = 5;

/**
 * Reads chunks or list blocks, in any order but each once, every one verified against its digest. An answer that breaks off
 * is asked for again from where it broke; a delta that does not decode is asked for whole.
 */
export async function* fetchPlain(
  client: Client,
  drive: Drive,
  digests: readonly Digest[],
  options: FetchOptions = {},
): AsyncGenerator<Plain, void> {
  const wanted = new Set(digests);
  const whole = new Set<Digest>();
  let most = maxFetched;
  for (let resumes = 0; wanted.size > 0;) {
    const before = wanted.size;
    const asked = [...wanted].slice(0, most);
    try {
      for await (const frame of ask(client, drive, asked, whole, options)) {
        if (!wanted.has(frame.digest)) throw new FrameError('malformed', 'a chunk that nobody asked for');
        const bases = await Promise.all(frame.bases.map((base) => readOffered(base, options)));
        const decoded = await decodeFromWire(frame, frame.payload, bases, { digest: digestBytes });
        bases.forEach(giveShared);
        if (frame.encoding !== 'raw') giveShared(frame.payload);
        if (!decoded.ok && frame.encoding !== 'delta') throw new Problem('digest_mismatch', `A chunk arrived damaged (${decoded.reason})`);
        if (!decoded.ok) {
          whole.add(frame.digest);
          continue;
        }
        wanted.delete(frame.digest);
        yield { digest: frame.digest, bytes: decoded.bytes, wireBytes: frame.payload.length };
      }
      most = Math.min(2 * most, maxFetched);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isDamage(error) && options.damaged !== undefined) {
        // Which of them it is the server does not say: it is found by halves.
        most = Math.ceil(asked.length / 2);
        const [only] = asked;
        if (asked.length > 1 || only === undefined) continue;
        wanted.delete(only);
        options.damaged(only, error);
        // Where damage lies deep in an answer, the answer broke there.
        resumes = 0;
        continue;
      }
      const broken = error instanceof FrameError || (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (!broken || resumes >= maxResumes) throw error;
      resumes += 1;
      continue;
    }
    if (wanted.size < before) resumes = 0;
    else if (resumes >= maxResumes) throw new Problem('chunk_missing', 'The server did not send what it was asked for');
    else resumes += 1;
  }
}

/** Whether an error tells of the very content that was asked for, and of nothing else on the server. */
export function concernsContent(error: unknown): error is Problem {
  return error instanceof Problem && (error.code === 'chunk_missing' || error.code === 'digest_mismatch' || isDamage(error));
}

/** The same error in words for the person whose file it is; of damage with what may help. */
export function sayOfContent(problem: Problem): string {
  if (problem.code !== 'content_damaged') return problem.message;
  return (
    'cannot be read, it is damaged on the server: an older revision may not be (driftbox history), and a copy that somebody has and ' +
    'saves makes it whole'
  );
}

function isDamage(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'content_damaged';
}

async function* ask(
  client: Client,
  drive: Drive,
  digests: Digest[],
  whole: ReadonlySet<Digest>,
  options: FetchOptions,
): AsyncGenerator<Frame, void> {
  const have: Record<string, Digest[]> = {};
  for (const digest of digests) {
    const held = whole.has(digest) ? undefined : options.have?.get(digest);
    if (held !== undefined && held.length > 0) have[digest] = [...held];
  }
  const json = { digests, ...(Object.keys(have).length === 0 ? {} : { have }) };
  const answer = await client.stream(routes.fetchChunks, {
    params: { drive: drive.drive },
    json,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  yield* decodeFrames(answer.body, defaultFrameLimits, takeShared, freeOwn);
}

async function readOffered(base: Digest, options: FetchOptions): Promise<Uint8Array> {
  if (options.readBase === undefined) throw new FrameError('malformed', 'a delta that nobody asked for');
  return options.readBase(base);
}
