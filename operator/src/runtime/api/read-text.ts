import type { IncomingMessage } from 'node:http';
import { TimedOut } from './send-request.ts';

/** A page of 500 large objects fits; something that is no API server may send for ever. */
const mostBytes = 256 * 2 ** 20;

/** The whole body as text. Throws `TimedOut`, the signal's reason, or an error where it is cut or too long; its connection then ends. */
export async function readText(incoming: IncomingMessage, timeoutMs: number, signal?: AbortSignal): Promise<string> {
  const giveUp = (): void => void incoming.destroy(signal?.reason as Error);
  const timer = setTimeout(() => incoming.destroy(new TimedOut(`no whole answer within ${Math.round(timeoutMs)} ms`)), timeoutMs);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > mostBytes) throw new Error(`an answer of more than ${mostBytes} bytes`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
