import type { CellSpec } from '@driftbox/resources';
import type { Api } from '../runtime/index.ts';
import { textOf } from '../secret.ts';
import type { Trouble } from './cell-observed.ts';
import { cellNames } from './names.ts';
import { lacking, readSecret } from './read-copied.ts';

/** What pods of a cell get as files to wrap data keys with, by name: the keys themselves, or the way to who has them. */
export type KeyFiles = { readonly 'keys.json': string } | { readonly token: string; readonly 'ca.crt'?: string };

/** What wraps the data keys of a cell, once it is there, and what Secrets lack that its spec names for it. */
export type KeysSeen = { readonly files?: KeyFiles; readonly troubles: readonly (Trouble | undefined)[] };

type Transit = NonNullable<CellSpec['keyManager']['transit']>;

/** Reads what wraps the data keys of a cell. Throws `ApiRefused` where it cannot. */
export async function readKeys(
  api: Api,
  namespace: string,
  cell: string,
  { keyManager }: Pick<CellSpec, 'keyManager'>,
  signal: AbortSignal,
): Promise<KeysSeen> {
  const { secret: named, transit } = keyManager;
  if (transit !== undefined) return readTransit(api, namespace, transit, signal);
  const secret = await readSecret(api, namespace, named ?? cellNames(cell).keysMaster, signal);
  const troubles = named === undefined ? [] : [lacking('spec.keyManager.secret', named, secret, ['keys.json'])];
  const text = secret === undefined ? undefined : textOf(secret)['keys.json'];
  return { troubles, ...(text === undefined ? {} : { files: { 'keys.json': text } }) };
}

async function readTransit(api: Api, namespace: string, { tokenSecret, authoritySecret }: Transit, signal: AbortSignal): Promise<KeysSeen> {
  const field = 'spec.keyManager.transit';
  const secret = await readSecret(api, namespace, tokenSecret, signal);
  const troubles = [lacking(`${field}.tokenSecret`, tokenSecret, secret, ['token'])];
  const authority = authoritySecret === undefined ? undefined : await readSecret(api, namespace, authoritySecret, signal);
  if (authoritySecret !== undefined) troubles.push(lacking(`${field}.authoritySecret`, authoritySecret, authority, ['ca.crt']));
  const { token } = secret === undefined ? {} : textOf(secret);
  const { 'ca.crt': certificate } = authority === undefined ? {} : textOf(authority);
  if (token === undefined || troubles.some((one) => one !== undefined)) return { troubles };
  return { troubles, files: { token, ...(certificate === undefined ? {} : { 'ca.crt': certificate }) } };
}
