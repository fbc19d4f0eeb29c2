import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { requestedAt, rotationAsked } from '../annotations.ts';
import { applyObject, kindOf } from '../apply-object.ts';
import { findDrift, nameOf } from '../find-drift.ts';
import type { ReleaseAsk } from '../helm/index.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { namespaceObject } from '../owned-namespace.ts';
import { expectOk, type Answer } from '../runtime/index.ts';
import { dataOf, textOf, type SecretObject } from '../secret.ts';
import { setFinalizer } from '../set-finalizer.ts';
import { growVolumes, reclaimVolumes, setReclaim } from '../volumes.ts';
import type { Outcomes } from './cell-conditions.ts';
import type { CellInput } from './cell-input.ts';
import type { CellObserved } from './cell-observed.ts';
import type { CellParts } from './cell-parts.ts';
import { backendsRelease, cellRelease, volumeSizes } from './cell-releases.ts';
import { certifyDomain, makeAuthority } from './cell-authority.ts';
import { cellFinalizer, cellManager as manager, cellResource } from './cell.ts';
import { innerObject } from './inner-certificates.ts';
import { authorityIn, keysObject, makeMaster, masterObject, newSecret, tlsObject } from './master-secret.ts';
import { migrationJob } from './migration-job.ts';
import { cellNames } from './names.ts';
import { baseOf, ownedOf } from './observe-cell.ts';
import { erasesData, type CellStep } from './plan-cell.ts';
import { tellRedis } from './redis-passwords.ts';
import { rotate } from './rotation.ts';

/** Services that were released this long ago and are not ready are taken back. */
const unwellMs = 10 * 60_000;

/** Takes the steps of a pass, one after another. Throws at the first that fails: the next pass begins with what is there then. */
export async function executeCell(
  parts: CellParts,
  observed: CellObserved,
  steps: readonly CellStep[],
  signal: AbortSignal,
): Promise<Outcomes> {
  const outcomes: { -readonly [K in keyof Outcomes]: Outcomes[K] } = {};
  for (const step of steps) {
    if (step === 'releaseBackends') outcomes.backends = await releaseBackends(parts, observed, signal);
    else if (step === 'releaseServices') outcomes.services = await releaseServices(parts, observed, signal);
    else if (step === 'checkBase') outcomes.base = await checkBase(parts, observed, signal);
    else await takers[step](parts, observed, signal);
  }
  return outcomes;
}

type Taker = (parts: CellParts, observed: CellObserved, signal: AbortSignal) => Promise<void>;

const takers: Readonly<Record<Exclude<CellStep, 'releaseBackends' | 'releaseServices' | 'checkBase'>, Taker>> = {
  protect: ({ api }, { cell }, signal) =>
    setFinalizer(api, cell, { kind: cellResource, manager, finalizer: cellFinalizer, isSet: true }, signal),
  unprotect: ({ api }, { cell }, signal) =>
    setFinalizer(api, cell, { kind: cellResource, manager, finalizer: cellFinalizer, isSet: false }, signal),
  makeMasters,
  certify,
  certifyParts,
  growVolumes: ({ api }, { cell, input }, signal) => {
    const { name } = cell.metadata;
    return growVolumes(api, cellNames(name).namespace, volumeSizes(name, known(input).spec), signal);
  },
  claimVolumes: ({ api }, { cell }, signal) => reclaimVolumes(api, namespaceOf(cell), signal),
  keepVolumes: ({ api }, observed, signal) =>
    setReclaim(api, namespaceOf(observed.cell), erasesData(observed) ? 'Delete' : 'Retain', signal),
  freeVolumes: ({ api }, { cell }, signal) => setReclaim(api, namespaceOf(cell), 'Delete', signal),
  makeBase,
  tellRedis: ({ reachRedis }, { input }) => tellRedis(reachRedis, known(input)),
  rotate: rotateMaster,
  migrate: async ({ api }, { input }, signal) => applyObject(api, migrationJob(known(input)), { manager, signal }),
  clearMigration: async ({ api }, { input }, signal) => {
    const { metadata } = migrationJob(known(input));
    gone(await api.delete(kubeKinds.job, metadata, { signal, propagation: 'Background' }), `removing the Job ${metadata.name}`);
  },
  deleteNamespace: async ({ api }, { cell }, signal) => {
    const name = namespaceOf(cell);
    gone(await api.delete(kubeKinds.namespace, { name }, { signal }), `removing the namespace ${name}`);
  },
  deleteMasters: async ({ api, operatorNamespace: namespace }, { cell }, signal) => {
    const { master, keysMaster, tlsMaster } = cellNames(cell.metadata.name);
    for (const name of [master, keysMaster, tlsMaster])
      gone(await api.delete(kubeKinds.secret, { namespace, name }, { signal }), `removing the Secret ${name}`);
  },
  deleteCertificates: async ({ api, operatorNamespace: namespace }, { cell }, signal) => {
    const { inner: name } = cellNames(cell.metadata.name);
    gone(await api.delete(kubeKinds.secret, { namespace, name }, { signal }), `removing the Secret ${name}`);
  },
};

/** Makes what is made once. What is there already is never written over: data is encrypted with it. */
async function makeMasters(
  { api, operatorNamespace: namespace }: CellParts,
  { cell, spec, epochMs }: CellObserved,
  signal: AbortSignal,
): Promise<void> {
  const { name } = cell.metadata;
  if (spec?.keyManager.generated !== undefined)
    there(await api.create(kubeKinds.secret, keysObject(namespace, name), { signal }), 'making keys');
  const at = { namespace, name: cellNames(name).master };
  const found = await api.get<SecretObject>(kubeKinds.secret, at, { signal });
  if (found.kind === 'notFound') {
    const master = makeMaster({}, { since: new Date(epochMs).toISOString(), token: rotationAsked(cell) });
    expectOk(await api.create(kubeKinds.secret, masterObject(namespace, name, master), { signal }), 'making Secrets');
    return;
  }
  // Made by an earlier version, which knew fewer; a conflict means that somebody else has just completed it.
  const before = expectOk(found, 'reading what was made');
  const { data } = masterObject(namespace, name, makeMaster(textOf(before)));
  expectOk(await api.replace(kubeKinds.secret, { ...before, data }, { signal }), 'completing Secrets');
}

/** Takes the rotation of its secrets one phase further, unless the masters are others than those that this was decided on. */
async function rotateMaster(
  { api, operatorNamespace: namespace }: CellParts,
  { cell, master, version, epochMs }: CellObserved,
  signal: AbortSignal,
): Promise<void> {
  const at = { namespace, name: cellNames(cell.metadata.name).master };
  const before = expectOk(await api.get<SecretObject>(kubeKinds.secret, at, { signal }), 'reading what is rotated');
  if (master === undefined || version === undefined || !isDeepStrictEqual({ ...textOf(before) }, { ...master })) return;
  const next = rotate(master, { now: new Date(epochMs).toISOString(), token: rotationAsked(cell), version: version.version, newSecret });
  expectOk(await api.replace(kubeKinds.secret, { ...before, data: dataOf(next) }, { signal }), 'rotating Secrets');
}

/** Certifies the cell's domain by its own authority, which is made once: people have been told to trust it. */
async function certify(
  { api, operatorNamespace: namespace }: CellParts,
  { cell, spec, epochMs }: CellObserved,
  signal: AbortSignal,
): Promise<void> {
  const { name } = cell.metadata;
  assert(spec?.domain !== undefined, 'a cell that is brought about has a domain');
  const at = { namespace, name: cellNames(name).tlsMaster };
  const found = await api.get<SecretObject>(kubeKinds.secret, at, { signal });
  const before = found.kind === 'notFound' ? undefined : expectOk(found, 'reading its authority');
  const known = before === undefined ? undefined : authorityIn(textOf(before));
  const authority = known ?? (await makeAuthority(`cell ${name}`, epochMs));
  const tls = tlsObject(namespace, name, authority, await certifyDomain(authority, spec.domain, epochMs));
  if (before === undefined) there(await api.create(kubeKinds.secret, tls, { signal }), 'making a certificate');
  else expectOk(await api.replace(kubeKinds.secret, { ...before, data: tls.data ?? {} }, { signal }), 'making a certificate anew');
}

/** Certifies the parts of a cell for one another, those whose certificates are good for long enough excepted. */
async function certifyParts(
  { api, operatorNamespace: namespace }: CellParts,
  { cell, epochMs }: CellObserved,
  signal: AbortSignal,
): Promise<void> {
  const { name } = cell.metadata;
  const found = await api.get<SecretObject>(kubeKinds.secret, { namespace, name: cellNames(name).inner }, { signal });
  const before = found.kind === 'notFound' ? undefined : expectOk(found, 'reading the certificates of its parts');
  const inner = await innerObject(namespace, name, before === undefined ? {} : textOf(before), epochMs);
  if (before === undefined) there(await api.create(kubeKinds.secret, inner, { signal }), 'certifying its parts');
  else expectOk(await api.replace(kubeKinds.secret, { ...before, data: inner.data ?? {} }, { signal }), 'certifying its parts anew');
}

/** The namespace, everything in it that Helm does not make, and then the mark that says so. */
async function makeBase(parts: CellParts, { input: maybe, base }: CellObserved, signal: AbortSignal): Promise<void> {
  const input = known(maybe);
  for (const object of baseOf(parts, input)) await applyObject(parts.api, object, { manager, signal });
  await applyObject(parts.api, namespaceObject(ownedOf(input, undefined), base), { manager, signal });
}

/** Looks whether somebody changed what is in the namespace before any release, and changes it back. */
async function checkBase(parts: CellParts, { input: maybe, base }: CellObserved, signal: AbortSignal): Promise<Outcomes['base'] & object> {
  const input = known(maybe);
  const [, ...inside] = baseOf(parts, input);
  const objects = [namespaceObject(ownedOf(input, undefined), base), ...inside].map((object) => ({ kind: kindOf(object), object }));
  const { changed, exempt } = await findDrift(parts.api, objects, { manager, signal });
  for (const { object } of changed) await applyObject(parts.api, object, { manager, signal });
  return { drifted: changed.map(nameOf), exempt: exempt.map(nameOf) };
}

function releaseBackends({ engine }: CellParts, { input, isDeep }: CellObserved, signal: AbortSignal) {
  // Data is written in its newest form: there is no way back, whatever happens.
  return engine.reconcile(backendsRelease(known(input)), { isRetryAsked: false, looksForDrift: isDeep, isUnwell: () => false, signal });
}

function releaseServices({ engine }: CellParts, observed: CellObserved, signal: AbortSignal) {
  const { cell, input, workloads, isDeep, epochMs } = observed;
  const { cellRelease: release } = cellNames(cell.metadata.name);
  const areReady = workloads.filter((one) => one.release === release).every(({ isReady }) => isReady);
  const ask: ReleaseAsk = {
    isRetryAsked: requestedAt(cell) !== cell.status?.requestedAt,
    looksForDrift: isDeep,
    isUnwell: (sinceMs) => !areReady && epochMs - sinceMs >= unwellMs,
    signal,
  };
  return engine.reconcile(cellRelease(known(input)), ask);
}

function namespaceOf({ metadata }: CellObserved['cell']): string {
  return cellNames(metadata.name).namespace;
}

function known(input: CellInput | undefined): CellInput {
  assert(input !== undefined, 'a step that needs to know everything is planned only then');
  return input;
}

function gone(answer: Answer<unknown>, doing: string): void {
  if (answer.kind !== 'notFound') expectOk(answer, doing);
}

function there(answer: Answer<unknown>, doing: string): void {
  if (answer.kind !== 'alreadyExists') expectOk(answer, doing);
}
