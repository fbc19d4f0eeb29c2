import type { Refusal } from './answer.ts';
import type { KubeObject } from './object.ts';
import { readStatus } from './read-refusal.ts';

/** What a watch tells. A bookmark says only that everything up to its resource version has been told. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/**
 * How a watch ended. `closed`: by the server, in good order, as it does after the time it was asked for. `idle`: nothing came for too
 * long. `cut`: the connection broke. `garbled`: what came was no event. `aborted`: by us. Otherwise the server's refusal, at the
 * beginning or, as often with `gone`, within the stream.
 */
export type WatchEnd =
  | { readonly kind: 'closed' | 'idle' | 'aborted' }
  | { readonly kind: 'cut' | 'garbled'; readonly cause: unknown }
  | Refusal;

type RawEvent = { readonly type?: unknown; readonly object?: { readonly metadata?: { readonly resourceVersion?: unknown } } };

/** Reads one line of a watch. Throws where it is no event. */
export function readEvent<T extends KubeObject>(line: string): WatchEvent<T> | { readonly type: 'ERROR'; readonly refusal: Refusal } {
  const { type, object } = JSON.parse(line) as RawEvent;
  if (type === 'ERROR') return { type, refusal: readStatus(object) };
  const resourceVersion = object?.metadata?.resourceVersion;
  if (typeof resourceVersion !== 'string') throw new Error('an event without resource version');
  if (type === 'BOOKMARK') return { type, resourceVersion };
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return { type, object: object as T };
  throw new Error(`an event of type ${String(type)}`);
}
