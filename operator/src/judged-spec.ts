import { judge, type Kind } from '@driftbox/resources';
import type { KubeObject } from './runtime/index.ts';

/** The spec of a resource with its defaults, or all that is wrong with it, a sentence each. */
export type JudgedSpec<Spec> = { readonly ok: true; readonly spec: Spec } | { readonly ok: false; readonly faults: readonly string[] };

const known = new WeakMap<KubeObject, JudgedSpec<unknown>>();

/** Judges a resource as it came from the API, by the rules of today. An object of a cache is judged once: it is never changed. */
export function judgedSpec<Spec>(kind: Kind, object: KubeObject & { readonly status?: unknown }): JudgedSpec<Spec> {
  const before = known.get(object);
  if (before !== undefined) return before as JudgedSpec<Spec>;
  // The status is ours: whatever is in it says nothing against the spec.
  const { status: _, ...told } = object;
  const judgement = judge(kind, told);
  const judged: JudgedSpec<Spec> = judgement.ok
    ? { ok: true, spec: (judgement.resource as { spec: Spec }).spec }
    : { ok: false, faults: judgement.faults.map(({ path, message }) => `${path}: ${message}`) };
  known.set(object, judged);
  return judged;
}
