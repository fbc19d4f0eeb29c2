import { isDeepStrictEqual } from 'node:util';
import { expectOk } from '../api/answer.ts';
import type { Api, ApplyOptions } from '../api/api.ts';
import { apiVersionOf, type KubeObject, type ResourceKind } from '../api/object.ts';

/** An object with a status. */
export type WithStatus<S> = KubeObject & { readonly status?: S };

/**
 * Writes an object's whole status by server-side apply, if it differs from what `known` has: a status written for nothing would wake
 * its own controller. Only this very object is written, as it was when `known` was read: one that has changed or has its name by now is
 * left alone (`conflict`), and so is none.
 * Answers whether it wrote; throws `ApiRefused` where that failed.
 */
export async function writeStatus<S>(
  api: Pick<Api, 'applyStatus'>,
  kind: ResourceKind,
  known: WithStatus<S>,
  status: S,
  options: ApplyOptions,
): Promise<boolean> {
  // As JSON: fields that are undefined are not there.
  if (isDeepStrictEqual(known.status, JSON.parse(JSON.stringify(status)))) return false;
  // Custom resources take a status whatever uid it comes with: only the version tells this object from another.
  const { name, namespace, uid, resourceVersion } = known.metadata;
  const metadata = { name, namespace, uid, resourceVersion } as KubeObject['metadata'];
  const intent = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, status };
  const answer = await api.applyStatus(kind, intent, options);
  if (answer.kind === 'notFound') return false;
  expectOk(answer, `writing the status of ${kind.kind} ${name}`);
  return true;
}
