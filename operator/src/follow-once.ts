import type { Logger } from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import type { Follow, Following } from './kind-parts.ts';
import { resourceGroup } from './resource-kind-of.ts';
import { createReflectorMetrics, Reflector, type Api, type KubeObject } from './runtime/index.ts';

/** What kinds are followed with. */
export type FollowParts = {
  readonly api: Api;
  readonly registry: Registry;
  readonly log: Logger;
  /** A label selector for resources of our own. */
  readonly only: string | undefined;
};

/** Follows each kind once: what several controllers look at comes over one watch, and is held once. */
export function followOnce({ api, registry, log, only }: FollowParts): { readonly follow: Follow; reflectors(): Following[] } {
  const metrics = createReflectorMetrics(registry);
  const followed = new Map<string, Following & Pick<Reflector<KubeObject>, 'join'>>();
  return {
    follow: (parts) => {
      const { kind } = parts;
      const selection = kind.group === resourceGroup ? { ...parts.selection, labelSelector: only } : parts.selection;
      const what = JSON.stringify([kind, selection]);
      const known = followed.get(what);
      known?.join(parts);
      if (known !== undefined) return known;
      const onEnded = (ended: object): void => log.debug({ kind: kind.kind, ended }, 'listed or watched');
      const reflector = new Reflector({ api, metrics, ...parts, selection, onEnded });
      followed.set(what, reflector);
      return reflector;
    },
    reflectors: () => [...followed.values()],
  };
}
