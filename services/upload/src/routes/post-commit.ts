import { randomUUID } from 'node:crypto';
import type { UploadId } from '@driftbox/domain';
import { commitBody, Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { commitOperations } from '../commit-operations.ts';
import type { Context } from '../context.ts';
import { askPossession, moveSegments } from '../metadata.ts';
import { receiveFrames } from '../receive-frames.ts';

/** Commits, from JSON or from frames that carry the chunks first and the commit last. */
export function postCommit(context: Context): RouteBinding {
  return handle(routes.postCommit, async (request) => {
    const {
      tenantId,
      actor,
      params: { drive },
      signal,
    } = request;
    const work = { tenantId, actor, drive, signal };
    const implicitUpload = randomUUID() as UploadId;
    if (!request.frames) return commitOperations(context, work, { ...request.body, proven: new Set(), implicitUpload });
    await askPossession(context.metadata, work, drive, 'write', []);
    const { commit, proven, blocks, results } = await receiveFrames(
      context,
      { ...work, uploadId: implicitUpload, keepProofs: false },
      request.stream(),
    );
    if (commit === undefined) throw new Problem('invalid_argument', 'The body ends without a commit frame');
    const bad = results.find(({ result }) => result === 'digest_mismatch');
    if (bad !== undefined) throw new Problem('digest_mismatch', undefined, { details: { digest: bad.digest } });
    const parsed = parseCommit(commit);
    if (parsed.uploadId !== undefined) await moveSegments(context.metadata, work, drive, implicitUpload, parsed.uploadId, blocks);
    return commitOperations(context, work, { ...parsed, proven, implicitUpload });
  });
}

function parseCommit(bytes: Uint8Array) {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem('invalid_argument', 'The commit is not JSON', { cause: error });
  }
  const parsed = commitBody.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new Problem('invalid_argument', 'The commit is not valid', { details: { issues } });
}
