import type { Api, EventRecorder, KubeObject, Loop, Readiness, ReflectorOptions } from './runtime/index.ts';

/** What everything that looks after a kind works with. */
export type KindParts = { readonly api: Api; readonly events: Pick<EventRecorder, 'record'> };

/** A reflector of whatever kind. */
export type Following = Loop & Readiness & { readonly synced: Promise<void>; start(): void; stop(): Promise<void> };

/** Makes the reflector of a kind, or joins the one that there is; whoever puts everything together starts and stops it. */
export type Follow = <T extends KubeObject, Name extends string>(
  parts: Pick<ReflectorOptions<T, Name>, 'kind' | 'selection' | 'cache' | 'onChange'>,
) => Following;
