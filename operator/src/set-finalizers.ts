import type { Answer, Api, ApplyOptions, KubeObject, ResourceKind } from './runtime/index.ts';

/** Applies our finalizers, or their absence, to this very object: with its uid, none of its name is ever made anew. */
export function setFinalizers(
  api: Pick<Api, 'apply'>,
  kind: ResourceKind,
  { apiVersion, kind: kindName, metadata: { name, uid } }: KubeObject,
  finalizers: readonly string[],
  options: ApplyOptions,
): Promise<Answer<KubeObject>> {
  const metadata = { name, ...(uid === undefined ? {} : { uid }), ...(finalizers.length === 0 ? {} : { finalizers }) };
  return api.apply<KubeObject>(kind, { apiVersion, kind: kindName, metadata }, options);
}
