import { randomBytes, randomUUID } from 'node:crypto';
import { dataOf, type SecretObject } from '../secret.ts';
import type { Certified } from './cell-authority.ts';
import { cellNames, databaseRoles, masterKeys } from './names.ts';
import { rotationText, type Rotation } from './rotation.ts';

/** Everything that was made once for a cell, as text by key. */
export type Master = Readonly<Record<string, string>>;

/** Secrets that are random text; each service logs in to the database with a password of its own. */
const randomKeys = [
  masterKeys.serviceKey,
  'signing-key-secret',
  'content-url-secret',
  'postgres-password',
  'postgres-replication-password',
  'redis-password',
  ...databaseRoles.map((role) => `database-${role}`),
];

/** 256 bits, as text that is safe in a URL. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Makes what a cell keeps for ever: whoever loses it loses the cell's data. Keys that `known` has stay as they are; `rotation` says how old
 * the others are.
 */
export function makeMaster(known: Master = {}, rotation?: Rotation): Master {
  const fresh = { [masterKeys.cellId]: randomUUID(), ...Object.fromEntries(randomKeys.map((key) => [key, newSecret()])) };
  return { ...fresh, ...(rotation && { [masterKeys.rotation]: rotationText(rotation) }), ...known };
}

/** True where nothing is missing, as it is where an earlier version of the operator has made it. */
export function isComplete(master: Master): boolean {
  return [masterKeys.cellId, ...randomKeys].every((key) => (master[key] ?? '') !== '');
}

/** The master Secret as an object. */
export function masterObject(operatorNamespace: string, cell: string, master: Master): SecretObject {
  const metadata = { namespace: operatorNamespace, name: cellNames(cell).master, labels: { 'driftbox.io/master-of': cell } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf(master) };
}

/** The Secret with key-encryption keys that the operator makes, in the form that services read. */
export function keysObject(operatorNamespace: string, cell: string): SecretObject {
  const keys = { format: 1, current: 1, keys: { 1: randomBytes(32).toString('base64') } };
  const metadata = { namespace: operatorNamespace, name: cellNames(cell).keysMaster, labels: { 'driftbox.io/master-of': cell } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf({ 'keys.json': `${JSON.stringify(keys)}\n` }) };
}

/** The Secret with a cell's own authority and its certificate: `ca.crt` is what clients trust. */
export function tlsObject(operatorNamespace: string, cell: string, authority: Certified, leaf: Certified): SecretObject {
  const values = { 'ca.crt': authority.certificate, 'ca.key': authority.key, 'tls.crt': leaf.certificate, 'tls.key': leaf.key };
  const metadata = { namespace: operatorNamespace, name: cellNames(cell).tlsMaster, labels: { 'driftbox.io/master-of': cell } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf(values) };
}

/** The authority in the text of a Secret with one; undefined where a part of it is missing. */
export function authorityIn({ 'ca.crt': certificate, 'ca.key': key }: Readonly<Record<string, string>>): Certified | undefined {
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}
