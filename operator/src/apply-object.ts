import assert from 'node:assert/strict';
import { kubeKinds } from './kube-kinds.ts';
import { apiVersionOf, expectOk, type Api, type ApplyOptions, type KubeObject, type ResourceKind } from './runtime/index.ts';

const known: readonly ResourceKind[] = Object.values(kubeKinds);

/** The kind of an object of Kubernetes' own. */
export function kindOf({ apiVersion, kind }: KubeObject): ResourceKind {
  const found = known.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
  assert(found !== undefined, `the operator makes no ${apiVersion} ${kind}`);
  return found;
}

/** Applies one object, in full. Throws `ApiRefused` where the server does not want it. */
export async function applyObject(api: Pick<Api, 'apply'>, object: KubeObject, options: ApplyOptions): Promise<void> {
  expectOk(await api.apply(kindOf(object), object, options), `applying ${object.kind} ${object.metadata.name}`);
}
