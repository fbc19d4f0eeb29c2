import type { IncomingMessage } from 'node:http';
import { LineSplitter } from './line-splitter.ts';
import type { KubeObject } from './object.ts';
import { readEvent, type WatchEnd, type WatchEvent } from './watch-event.ts';

/** How an open watch is followed. */
export type FollowOptions<T extends KubeObject> = {
  readonly onEvent: (event: WatchEvent<T>) => void;
  /** The longest silence; a half-open connection shows only by it. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
};

/** Hands on the events of a watch until it ends, and closes its connection. What `onEvent` throws is thrown here, after that. */
export function followStream<T extends KubeObject>(incoming: IncomingMessage, options: FollowOptions<T>): Promise<WatchEnd> {
  const { onEvent, idleTimeoutMs, signal } = options;
  const lines = new LineSplitter();
  return new Promise((resolve, reject) => {
    let isOver = false;
    const finish = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(idle);
      signal.removeEventListener('abort', abort);
      incoming.destroy();
      settle();
    };
    const end = (how: WatchEnd): void => finish(() => resolve(how));
    const abort = (): void => end({ kind: 'aborted' });
    const idle = setTimeout(() => end({ kind: 'idle' }), idleTimeoutMs);
    // Text, not bytes: the decoder keeps characters whole that lie across two pieces.
    incoming.setEncoding('utf8').on('data', (piece: string) => {
      idle.refresh();
      for (const line of splitLines(lines, piece, end)) {
        if (isOver) return;
        takeLine(line);
      }
    });
    incoming.once('end', () =>
      end(lines.isWithinLine ? { kind: 'cut', cause: new Error('the last line is not whole') } : { kind: 'closed' }),
    );
    incoming.on('error', (cause) => end({ kind: 'cut', cause }));
    incoming.once('close', () => end({ kind: 'cut', cause: new Error('the connection closed') }));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();

    function takeLine(line: string): void {
      const event = parse<T>(line, end);
      if (event === undefined) return;
      if (event.type === 'ERROR') return end(event.refusal);
      try {
        onEvent(event);
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error('a listener threw', { cause: error })));
      }
    }
  });
}

function splitLines(lines: LineSplitter, piece: string, end: (how: WatchEnd) => void): string[] {
  try {
    return lines.push(piece);
  } catch (cause) {
    end({ kind: 'garbled', cause });
    return [];
  }
}

function parse<T extends KubeObject>(line: string, end: (how: WatchEnd) => void): ReturnType<typeof readEvent<T>> | undefined {
  try {
    return readEvent<T>(line);
  } catch (cause) {
    end({ kind: 'garbled', cause });
    return undefined;
  }
}
