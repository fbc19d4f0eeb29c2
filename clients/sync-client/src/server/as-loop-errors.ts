import { FrameError, Problem } from '@driftbox/protocol';
import { CursorExpired, Held, Offline } from '../ports/server.ts';

/** Problems that say nothing about what was asked: no answer came, none that can be relied on, or nobody is served for now. */
const unanswered = new Set(['unavailable', 'rate_limited', 'internal', 'tenant_suspended']);

/** Runs `work`; what keeps the server from answering is thrown in the loop's words, everything else as it is. */
export async function asLoopErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.code === 'cursor_expired') throw new CursorExpired(error.message, { cause: error });
    if (error instanceof Problem && error.code === 'locked' && error.details?.['reason'] === 'brake')
      throw new Held(`${error.message}. Nothing here was touched. driftbox brake tells how to go on`, { cause: error });
    if (error instanceof FrameError || (error instanceof Problem && unanswered.has(error.code)))
      throw new Offline(error.message, { cause: error });
    if (isSocketError(error)) throw new Offline('the connection broke', { cause: error });
    throw error;
  }
}

/** Errors of sockets have a code and name no file. */
function isSocketError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || 'path' in error) return false;
  return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code));
}
