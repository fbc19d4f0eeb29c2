import { dataOf, type SecretObject } from '../secret.ts';
import { certifyNames, isGoodFor, makeAuthority, type Certified } from './cell-authority.ts';
import { authorityIn } from './master-secret.ts';
import { cellNames } from './names.ts';

/** Parts of a cell that have a certificate for callers inside of it, as its charts have them. */
const parts = ['auth', 'metadata', 'upload', 'sync', 'share', 'notification', 'gateway', 'probe', 'postgres', 'kafka', 'redis'] as const;

/** Of a back end, whose pods are called by their own names: so many as no profile has, for names that are too many do no harm. */
const mostMembers = 5;

/** By what the parts of a cell know one another: an authority that certifies nothing else, and each part's own certificate and key. */
export type InnerCertificates = {
  /** In PEM. */
  readonly authority: string;
  readonly leaves: Readonly<Record<(typeof parts)[number], Certified>>;
};

/** What is in the text of the Secret of a cell's inner certificates; undefined where a part of it is missing. */
export function innerIn(text: Readonly<Record<string, string>>): InnerCertificates | undefined {
  const { 'ca.crt': authority } = text;
  const found = parts.map((part) => [part, { certificate: text[`${part}.crt`], key: text[`${part}.key`] }] as const);
  if (authority === undefined || found.some(([, { certificate, key }]) => certificate === undefined || key === undefined)) return undefined;
  return { authority, leaves: Object.fromEntries(found) as InnerCertificates['leaves'] };
}

/** What a cell's pods get of them, all in one Secret, of which each mounts its own. */
export function innerValues({ authority, leaves }: InnerCertificates): Readonly<Record<string, string>> {
  const pairs = Object.entries(leaves).flatMap(([part, { certificate, key }]) => [
    [`${part}.crt`, certificate],
    [`${part}.key`, key],
  ]);
  return { 'ca.crt': authority, ...(Object.fromEntries(pairs) as Record<string, string>) };
}

/** True while each is the authority's, for the names of its part, and good for long enough. */
export function areGood(cell: string, { authority, leaves }: InnerCertificates, epochMs: number): boolean {
  return parts.every((part) => isGoodFor(leaves[part].certificate, authority, namesInside(cell, part), epochMs));
}

/**
 * The Secret with them, in the operator's namespace: the authority of before, if there is one, because pods know it since they were
 * started, and what it has certified, anew where it is not good for long enough.
 */
export async function innerObject(
  operatorNamespace: string,
  cell: string,
  before: Readonly<Record<string, string>>,
  epochMs: number,
): Promise<SecretObject> {
  const authority = authorityIn(before) ?? (await makeAuthority(`cell ${cell} inside`, epochMs));
  const made = parts.map(async (part): Promise<readonly [string, Certified]> => {
    const names = namesInside(cell, part);
    const own = { certificate: before[`${part}.crt`] ?? '', key: before[`${part}.key`] ?? '' };
    const isGood = isGoodFor(own.certificate, authority.certificate, names, epochMs);
    // The standby of PostgreSQL shows its own to the server that it follows.
    return [part, isGood ? own : await certifyNames(authority, names, epochMs, part === 'postgres')];
  });
  const leaves = Object.fromEntries(await Promise.all(made)) as InnerCertificates['leaves'];
  const values = { ...innerValues({ authority: authority.certificate, leaves }), 'ca.key': authority.key };
  const labels = { 'driftbox.io/certificates-of': cell };
  const metadata = { namespace: operatorNamespace, name: cellNames(cell).inner, labels };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf(values) };
}

/** What a part is called by in its cell, and by the operator from outside of it. */
function namesInside(cell: string, part: (typeof parts)[number]): string[] {
  const { namespace, cellRelease, backendsRelease } = cellNames(cell);
  if (part === 'postgres' || part === 'kafka') {
    const name = `${backendsRelease}-${part}`;
    return Array.from({ length: mostMembers }, (_, index) => `${name}-${index}.${name}.${namespace}.svc`);
  }
  const service = `${part === 'redis' ? backendsRelease : cellRelease}-${part}`;
  return [service, `${service}.${namespace}`, `${service}.${namespace}.svc`];
}
