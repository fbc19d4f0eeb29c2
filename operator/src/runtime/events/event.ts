import type { KubeObject, ResourceKind } from '../api/object.ts';
import { microTime } from '../api/micro-time.ts';

/** Something that happened to an object, worth telling an administrator who asks `kubectl describe`. */
export type Happening = {
  readonly type: 'Normal' | 'Warning';
  /** The reason of the condition that changed. */
  readonly reason: string;
  /** What the controller was doing, CamelCase. */
  readonly action: string;
  readonly note: string;
};

/** An `Event` of events.k8s.io/v1. */
export type Event = KubeObject & {
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: Readonly<Record<string, string | undefined>>;
  /** Present once it has happened again. */
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
};

/** Where events are served. */
export const eventKind: ResourceKind = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };

/** Events about what belongs to no namespace go here: the API accepts no other. */
const namespaceOfClusterEvents = 'default';
/** In bytes (`NoteLengthLimit` of the API server's validation). */
const longestNote = 1024;
/** A name of 253 characters, less the point and what follows it. */
const longestNameStem = 253 - 1 - 36;

/** Who reports. */
export type Reporter = { readonly controller: string; readonly instance: string };

/** Builds the event that says what happened to `object`; `id` makes its name unique. */
export function buildEvent(object: KubeObject, { note, ...happening }: Happening, by: Reporter, id: string, epochMs: number): Event {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, longestNameStem)}.${id}`, namespace: namespace ?? namespaceOfClusterEvents },
    eventTime: microTime(epochMs),
    reportingController: by.controller,
    reportingInstance: by.instance,
    ...happening,
    note: note.slice(0, new TextEncoder().encodeInto(note, new Uint8Array(longestNote)).read),
    regarding: { apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid, resourceVersion },
  };
}
