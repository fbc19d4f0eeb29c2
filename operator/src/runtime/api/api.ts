import type { Answer } from './answer.ts';
import type { KubeObject, ObjectPage, ResourceKind } from './object.ts';
import type { ObjectPlace } from './object-key.ts';
import type { WatchEnd, WatchEvent } from './watch-event.ts';

/** What every request takes. */
export type CallOptions = {
  /** Gives the request up; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Until the whole answer is there, waiting for the rate limit included; default 30 s. */
  readonly timeoutMs?: number | undefined;
};

/** Which objects of a kind. */
export type Selection = {
  /** Of all namespaces without it. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Objects come without spec and status: for what is large or secret and only watched for its existence. */
  readonly metadataOnly?: boolean | undefined;
};

/** Which page of a list; of the newest state unless a token says otherwise. */
export type PageOptions = CallOptions & { readonly limit?: number | undefined; readonly continueToken?: string | undefined };

/** From where and for how long a watch goes. */
export type WatchOptions = {
  readonly resourceVersion: string;
  /** The server closes it after so many seconds. */
  readonly timeoutSeconds: number;
  /** See `FollowOptions`. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
};

/** How server-side apply is done. */
export type ApplyOptions = CallOptions & {
  /** Who owns the fields; one name per controller. */
  readonly manager: string;
  /** Takes fields over from others; default true, as is right for objects that are wholly ours. */
  readonly force?: boolean | undefined;
  /** Says what would be, and changes nothing. */
  readonly dryRun?: boolean | undefined;
};

/** How an object is deleted. */
export type DeleteOptions = CallOptions & {
  /** Only this very object, not another that has its name by now. */
  readonly uid?: string | undefined;
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan' | undefined;
};

/**
 * The API server, as far as a controller needs it. Everything waits for the rate limit; a refusal is an answer, not an exception.
 * What changes something asks the guard first and throws what it throws.
 */
export type Api = {
  get<T extends KubeObject>(kind: ResourceKind, at: ObjectPlace, options?: CallOptions): Promise<Answer<T>>;
  /** One page. */
  list<T extends KubeObject>(kind: ResourceKind, selection: Selection, options?: PageOptions): Promise<Answer<ObjectPage<T>>>;
  /** Resolves when the watch has ended, and tells how. `onEvent` must only take note: while it runs nothing else does. */
  watch<T extends KubeObject>(
    kind: ResourceKind,
    selection: Selection,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<WatchEnd>;
  /** Server-side apply of the full intent: fields applied before and missing now go. `object` was never read from the server. */
  apply<T extends KubeObject>(kind: ResourceKind, object: T, options: ApplyOptions): Promise<Answer<T>>;
  /** The same for status alone; `notFound` where the object is gone. */
  applyStatus<T extends KubeObject>(kind: ResourceKind, object: T, options: ApplyOptions): Promise<Answer<T>>;
  create<T extends KubeObject>(kind: ResourceKind, object: T, options?: CallOptions): Promise<Answer<T>>;
  /** Replaces the whole; `conflict` unless the object still has the resource version given in it. */
  replace<T extends KubeObject>(kind: ResourceKind, object: T, options?: CallOptions): Promise<Answer<T>>;
  delete(kind: ResourceKind, at: ObjectPlace, options?: DeleteOptions): Promise<Answer<undefined>>;
};
