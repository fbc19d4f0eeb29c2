import type { ServerResponse } from 'node:http';
import type { ObjectStore, StoredChange, StoredObject } from './object-store.ts';
import type { Matches } from './label-selector.ts';
import type { ServerFault } from './server-fault.ts';
import { statusOf } from './status.ts';

/** Which changes are told, from where, and for how long. */
export type WatchRequest = {
  readonly store: ObjectStore;
  /** What the paths of the objects meant begin with. */
  readonly below: string;
  readonly matches: Matches;
  readonly after: number;
  readonly timeoutMs: number;
  /** How often a bookmark is sent; undefined for never. */
  readonly bookmarkEveryMs: number | undefined;
  readonly fault: ServerFault | undefined;
};

/** Answers a watch: one JSON event a line, as they happen. */
export function serveWatch(response: ServerResponse, request: WatchRequest): void {
  const { store, below, matches, after, timeoutMs, bookmarkEveryMs, fault } = request;
  const missed = store.changesAfter(after);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const end = (event?: object): void => {
    for (const stop of stops) stop();
    if (!response.writableEnded) response.end(event === undefined ? undefined : `${JSON.stringify(event)}\n`);
  };
  const tell = (change: StoredChange): void => {
    const event = change.path.startsWith(below) ? eventOf(change, matches) : undefined;
    if (event === undefined || fault?.kind === 'halfOpen') return;
    const line = `${JSON.stringify(event)}\n`;
    if (fault?.kind !== 'cutWithinEvent') return void response.write(line);
    response.write(line.slice(0, line.length / 2), () => response.socket?.resetAndDestroy());
  };
  const bookmark = (): void => {
    const object = { metadata: { resourceVersion: String(store.version) } };
    if (fault?.kind !== 'halfOpen') response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  };
  const unfollow = store.follow(tell);
  const timer = setTimeout(() => (fault?.kind === 'halfOpen' ? undefined : end()), timeoutMs);
  const bookmarks = bookmarkEveryMs === undefined ? undefined : setInterval(bookmark, bookmarkEveryMs);
  const stops = [unfollow, () => clearTimeout(timer), () => clearInterval(bookmarks)];
  response.once('close', () => end());
  if (missed === undefined || fault?.kind === 'expire') return end({ type: 'ERROR', object: statusOf(410, 'Expired') });
  for (const change of missed) tell(change);
}

/** As a watch with a selector sees it: what leaves the selection is deleted, what enters it is added. */
function eventOf({ before, after, last }: StoredChange, matches: Matches): { type: string; object: StoredObject } | undefined {
  const [was, is] = [matches(before), matches(after)];
  if (was && is && after !== undefined) return { type: 'MODIFIED', object: after };
  if (is && after !== undefined) return { type: 'ADDED', object: after };
  const object = last ?? after;
  return was && object !== undefined ? { type: 'DELETED', object } : undefined;
}
