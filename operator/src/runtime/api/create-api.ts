import { systemClock, type Clock } from '../clock.ts';
import type { TokenRate } from '../token-bucket.ts';
import type { Answer } from './answer.ts';
import type { CountRequest } from './api-metrics.ts';
import type { Api, ApplyOptions, CallOptions, Selection } from './api.ts';
import { Caller } from './caller.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { followStream } from './follow-stream.ts';
import type { KubeObject, ObjectPage, ResourceKind } from './object.ts';
import { pathOf, type PathTarget, type Query } from './path.ts';
import type { WatchEnd } from './watch-event.ts';

/** What an `Api` is made of. */
export type ApiOptions = {
  readonly access: ClusterAccess;
  /** Names the program in the server's audit log. */
  readonly userAgent: string;
  /** Default 20 per second, 40 at once. */
  readonly rate?: TokenRate | undefined;
  /**
   * Asked before anything is changed: how many milliseconds the change may still take. Throws where nothing may be changed any more,
   * as when a lease is lost.
   */
  readonly guard?: (() => number) | undefined;
  readonly count?: CountRequest | undefined;
  readonly clock?: Clock | undefined;
};

const defaultRate: TokenRate = { perSecond: 20, burst: 40 };
/** Until the head of a watch's answer, which a server sends at once. */
const openWatchMs = 30_000;
const applyType = 'application/apply-patch+yaml';
const metadataOf = (what: string): string => `application/json;as=${what};g=meta.k8s.io;v=v1,application/json`;

type RawList<T> = {
  readonly items?: readonly T[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
};

/** An `Api` over HTTP. */
export function createApi({ access, userAgent, rate = defaultRate, guard, count, clock = systemClock }: ApiOptions): Api {
  const caller = new Caller({ access, clock, rate, userAgent, count });

  /** Bounds a change by what the guard allows; an answer that comes later would be too late. */
  const change = async <T>(call: Parameters<Caller['call']>[0], options: CallOptions = {}): Promise<Answer<T>> => {
    const allowedMs = guard?.() ?? Infinity;
    return caller.call<T>(call, { ...options, timeoutMs: Math.min(options.timeoutMs ?? 30_000, allowedMs) });
  };

  const apply = <T extends KubeObject>(kind: ResourceKind, object: T, part: PathTarget, options: ApplyOptions): Promise<Answer<T>> => {
    const { manager, force = true, dryRun = false } = options;
    const path = pathOf(kind, { ...placeIn(object), ...part }, { fieldManager: manager, force, dryRun: dryRun ? 'All' : undefined });
    const call = { method: 'PATCH', path, body: JSON.stringify(object), contentType: applyType } as const;
    return dryRun ? caller.call<T>(call, options) : change<T>(call, options);
  };

  return {
    get: (kind, at, options) => caller.call({ method: 'GET', path: pathOf(kind, at) }, options),
    list: async <T extends KubeObject>(
      kind: ResourceKind,
      selection: Selection,
      { limit, continueToken, ...options }: Parameters<Api['list']>[2] = {},
    ) => {
      const path = pathOf(kind, { namespace: selection.namespace }, { ...selectors(selection), limit, continue: continueToken });
      const answer = await caller.call<RawList<T>>(
        { method: 'GET', path, ...(selection.metadataOnly === true ? { accept: metadataOf('PartialObjectMetadataList') } : {}) },
        options,
      );
      return answer.kind === 'ok' ? { kind: 'ok', value: pageOf(answer.value) } : answer;
    },
    watch: async (kind, selection, { resourceVersion, timeoutSeconds, idleTimeoutMs, signal }, onEvent): Promise<WatchEnd> => {
      const query = { ...selectors(selection), watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds };
      const path = pathOf(kind, { namespace: selection.namespace }, query);
      const accept = selection.metadataOnly === true ? { accept: metadataOf('PartialObjectMetadata') } : {};
      try {
        const opened = await caller.open({ method: 'GET', path, ...accept }, { signal, timeoutMs: openWatchMs });
        return opened.kind === 'ok' ? await followStream(opened.value, { onEvent, idleTimeoutMs, signal }) : opened;
      } catch (error) {
        if (signal.aborted) return { kind: 'aborted' };
        throw error;
      }
    },
    apply: (kind, object, options) => apply(kind, object, {}, options),
    applyStatus: (kind, object, options) => apply(kind, object, { subresource: 'status' }, options),
    create: (kind, object, options) => {
      const { namespace } = object.metadata;
      return change({ method: 'POST', path: pathOf(kind, { namespace }), body: JSON.stringify(object) }, options);
    },
    replace: (kind, object, options) =>
      change({ method: 'PUT', path: pathOf(kind, placeIn(object)), body: JSON.stringify(object) }, options),
    delete: async (kind, at, { uid, propagation, ...options } = {}) => {
      const body = JSON.stringify({ propagationPolicy: propagation, preconditions: uid === undefined ? undefined : { uid } });
      const answer = await change({ method: 'DELETE', path: pathOf(kind, at), body }, options);
      return answer.kind === 'ok' ? { kind: 'ok', value: undefined } : answer;
    },
  };
}

function placeIn({ metadata }: KubeObject): PathTarget {
  return { namespace: metadata.namespace, name: metadata.name };
}

function selectors({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

function pageOf<T extends KubeObject>({ items, metadata }: RawList<T>): ObjectPage<T> {
  const token = metadata.continue;
  return { items: items ?? [], resourceVersion: metadata.resourceVersion, continueToken: token === '' ? undefined : token };
}
