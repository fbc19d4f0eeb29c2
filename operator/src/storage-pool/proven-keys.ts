import { applyObject } from '../apply-object.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api } from '../runtime/index.ts';
import { dataOf, textOf, type SecretObject } from '../secret.ts';
import type { PoolAccess } from './pool-access.ts';
import { poolManager as manager } from './pool.ts';

/** What lets somebody in at the server of a pool. */
export type PoolKeys = Pick<PoolAccess, 'accessKey' | 'secretKey' | 'authority'>;

type Place = { readonly namespace: string; readonly pool: string };

const placeOf = ({ namespace, pool }: Place) => ({ namespace, name: `proven-pool-${pool}` });

/** The keys by which the server of a pool was found good last: those that pods get. Undefined before any were. */
export async function readProven(api: Api, place: Place, signal: AbortSignal): Promise<PoolKeys | undefined> {
  const answer = await api.get<SecretObject>(kubeKinds.secret, placeOf(place), { signal });
  if (answer.kind === 'notFound') return undefined;
  const { accessKey, secretKey, 'ca.crt': authority } = textOf(expectOk(answer, 'reading the keys that were found good'));
  return accessKey && secretKey ? { accessKey, secretKey, authority } : undefined;
}

/** Keeps keys that were found good, in place of those before; answers whether they are other ones. */
export async function keepProven(api: Api, place: Place, keys: PoolKeys, signal: AbortSignal): Promise<boolean> {
  const { accessKey, secretKey, authority } = keys;
  const before = await readProven(api, place, signal);
  if (before?.accessKey === accessKey && before.secretKey === secretKey && before.authority === authority) return false;
  const data = dataOf({ accessKey, secretKey, ...(authority === undefined ? {} : { 'ca.crt': authority }) });
  const metadata = { ...placeOf(place), labels: { 'driftbox.io/proven-of-pool': place.pool } };
  await applyObject(api, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data } as SecretObject, { manager, signal });
  return true;
}

/** Removes them, when the pool goes. */
export async function forgetProven(api: Api, place: Place, signal: AbortSignal): Promise<void> {
  const answer = await api.delete(kubeKinds.secret, placeOf(place), { signal });
  if (answer.kind !== 'notFound') expectOk(answer, 'removing the keys that were found good');
}
