import type { Answer } from '../runtime/api/answer.ts';
import type { Api, CallOptions } from '../runtime/api/api.ts';
import type { KubeObject } from '../runtime/api/object.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ObjectStore, StoredObject, StoreRefusal } from './object-store.ts';

/** A process's line to the server. `deaf`: what it sends arrives, and no answer comes back. `late`: it arrives after it was given up. */
export type LinkState = 'up' | 'down' | 'deaf' | 'late';

/** A line to a store by which leases are read and written, on a clock that a test moves. */
export type LeaseLink = { readonly api: Pick<Api, 'get' | 'create' | 'replace'>; state: LinkState };

const kinds = { NotFound: 'notFound', AlreadyExists: 'alreadyExists', Conflict: 'conflict' } as const;
const onewayMs = 20;
const lateMs = 9_000;

/** A line that is up. */
export function openLeaseLink(store: ObjectStore, clock: Clock): LeaseLink {
  const ask = (work: () => StoredObject | StoreRefusal, { timeoutMs = 30_000 }: CallOptions = {}): Promise<Answer<never>> =>
    new Promise((resolve) => {
      const { state } = link;
      clock.after(timeoutMs, () => resolve({ kind: 'timedOut', code: 0, reason: '', message: 'no answer' }));
      if (state === 'down') return;
      clock.after(state === 'late' ? lateMs : onewayMs, () => {
        const outcome = work();
        if (state === 'up') clock.after(onewayMs, () => resolve(answerOf(outcome)));
      });
    });
  const link: LeaseLink = {
    state: 'up',
    api: {
      get: (_kind, { name }, options) => ask(() => store.get(name) ?? 'NotFound', options),
      create: (_kind, object, options) => ask(() => store.create(object.metadata.name, stored(object)), options),
      replace: (_kind, object, options) => ask(() => store.replace(object.metadata.name, stored(object)), options),
    },
  };
  return link;
}

function stored(object: KubeObject): StoredObject {
  return structuredClone(object) as StoredObject;
}

function answerOf(outcome: StoredObject | StoreRefusal): Answer<never> {
  if (typeof outcome === 'string') return { kind: kinds[outcome], code: 409, reason: outcome, message: outcome };
  return { kind: 'ok', value: structuredClone(outcome) as never };
}
