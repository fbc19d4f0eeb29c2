import { expectOk, type Api, type KubeObject, type ResourceKind } from './runtime/index.ts';

/** Our finalizer on an object, or its absence. */
export type FinalizerIntent = {
  readonly kind: ResourceKind;
  readonly manager: string;
  readonly finalizer: string;
  readonly isSet: boolean;
};

/** Applies our finalizer, or its absence, to this very object: with its uid, none of its name is ever made anew. */
export async function setFinalizer(
  api: Pick<Api, 'apply'>,
  { apiVersion, kind, metadata: { name, uid } }: KubeObject,
  intent: FinalizerIntent,
  signal: AbortSignal,
): Promise<void> {
  const metadata = { name, ...(uid === undefined ? {} : { uid }), ...(intent.isSet ? { finalizers: [intent.finalizer] } : {}) };
  const answer = await api.apply(intent.kind, { apiVersion, kind, metadata }, { manager: intent.manager, signal });
  if (answer.kind === 'notFound') return;
  expectOk(answer, `${intent.isSet ? 'protecting' : 'releasing'} ${kind} ${name}`);
}
