import { expectOk, type Api, type KubeObject, type ResourceKind } from './runtime/index.ts';
import { setFinalizers } from './set-finalizers.ts';

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
  object: KubeObject,
  { kind, manager, finalizer, isSet }: FinalizerIntent,
  signal: AbortSignal,
): Promise<void> {
  const answer = await setFinalizers(api, kind, object, isSet ? [finalizer] : [], { manager, signal });
  if (answer.kind === 'notFound') return;
  expectOk(answer, `${isSet ? 'protecting' : 'releasing'} ${object.kind} ${object.metadata.name}`);
}
