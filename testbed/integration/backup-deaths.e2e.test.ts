import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createClient, httpTransport, type HttpTransport } from '@driftbox/api-client';
import {
  abandonRestore,
  compareWithBackup,
  createBackup,
  listBackups,
  openFolderDestination,
  removeBackup,
  restoreBackup,
  restoreIdOf,
  verifyBackups,
  type Cell,
  type Destination,
  type RestoreTarget,
} from '@driftbox/backup';
import { listPacks, type PackStore } from '@driftbox/chunk-store';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { Problem, routes, type ServiceName } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { deathAt, faultsEverywhere, faultsTimeoutMs, mortalCalls, newId, type Faults } from '@driftbox/testkit';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { checkThrough } from '../src/check-tenant.ts';
import { registerTenant, type AddedTenant } from '../src/register-tenant.ts';
import { hostOfTenant } from '../src/target/host-of-tenant.ts';
import { targetHas } from '../src/target/needs.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import type { TargetAdministrator } from '../src/target/test-target.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

const signal = new AbortController().signal;
const never = deathAt(Infinity);
/** Life of an access token. */
const tokenMs = 900_000;
const transports = new Map<ServiceName, HttpTransport>();
const administered = testThatNeeds('administrator');
let door: OpenDoor;
let administrator: TargetAdministrator;
let acme: AddedTenant;
let writer: { readonly user: ApiUser; readonly sinceMs: number } | undefined;

beforeAll(async () => {
  if (!targetHas('administrator')) return;
  door = await openDoor();
  administrator = door.administrator();
  for (const [name, address] of Object.entries(administrator.internal)) transports.set(name as ServiceName, httpTransport(address));
  acme = await registerTenant(administrator, hostOfTenant(administrator, 'acme'));
  await saveFiles();
});
afterAll(async () => {
  for (const transport of transports.values()) transport.close();
  await door?.close();
});

/** With every step a test takes longer than an access token lives, so somebody else goes on. */
async function saveFiles(): Promise<void> {
  if (writer === undefined || performance.now() - writer.sinceMs > tokenMs / 2)
    writer = { user: await signUpByApi(door.address, randomUUID(), acme.host), sinceMs: performance.now() };
  await putFiles(
    writer.user,
    [1, 2, 3].map((size) => ({ name: randomUUID(), bytes: randomBytes(size * 3_000) })),
  );
}

/** The cell as a process sees it that fails or dies at one of `steps`: before it asks something, or before it hears the answer. */
function cellOf(steps: Faults): Cell {
  return (service, tid) => {
    const transport = transports.get(service);
    if (transport === undefined) throw new Error(`the target has no ${service}`);
    const token = () => signServiceToken(administrator.serviceKey, { caller: 'admin', tid });
    return createClient({ transport: mortalCalls({ ask: transport }, steps).ask, retry: { attempts: 1 }, token });
  };
}

/** Where backups are kept, as the same process sees it. */
async function destinationOf(steps: Faults, name = 'backups'): Promise<Destination> {
  const real = await openFolderDestination(path.join(door.folder, name), acme.tenantId, Buffer.alloc(32, 7));
  const mortal = (store: PackStore): PackStore => mortalCalls(store, steps);
  const { packs, points, begun, locks } = real;
  // Each of these processes begins when the one before has ended.
  const worker = { ...real.worker, process: randomUUID(), hasEnded: () => true };
  return { ...real, packs: mortal(packs), points: mortal(points), begun: mortal(begun), locks: mortal(locks), worker };
}

/** Has a process do `work`, and a call of it fail or the process die there. */
async function disturbed(steps: Faults, work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!steps.struck) throw error;
  });
}

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => '',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );

/** Whole points, each of which verifies; what is only begun is none. */
async function wholePoints(destination: Destination): Promise<string[]> {
  const verified = await verifyBackups(destination, undefined, { signal });
  expect(verified.flatMap(({ damaged }) => damaged)).toEqual([]);
  return verified.map(({ id }) => id);
}

administered(
  'a backup whose process fails or dies anywhere damages no point, and the next run makes its own whole',
  async () => {
    const survive = async (steps: Faults): Promise<void> => {
      const name = randomUUID();
      const destination = await destinationOf(never, name);
      const { id: earlier } = await createBackup(cellOf(never), destination, { signal });
      await saveFiles();
      await disturbed(steps, async () => createBackup(cellOf(steps), await destinationOf(steps, name), { signal }));
      expect(await wholePoints(destination)).toContain(earlier);
      const { id } = await createBackup(cellOf(never), destination, { signal });
      const after = await wholePoints(destination);
      expect(after).toEqual(expect.arrayContaining([earlier, id]));
      expect((await listBackups(destination)).map(({ whole }) => whole)).toEqual(after.map(() => true));
    };
    expect(await faultsEverywhere(31, survive)).toBeGreaterThan(30);
  },
  faultsTimeoutMs,
);

administered(
  'removing a point, whose process fails or dies anywhere, costs no other point anything, and leaves nothing in the end',
  async () => {
    const survive = async (steps: Faults): Promise<void> => {
      const name = randomUUID();
      const destination = await destinationOf(never, name);
      const packs = async () => {
        const ids: string[] = [];
        for await (const { id } of listPacks(destination.packs)) ids.push(id);
        return ids.sort();
      };
      const { id: kept } = await createBackup(cellOf(never), destination, { signal });
      const needed = await packs();
      await saveFiles();
      const doomed = await createBackup(cellOf(never), destination, { signal });
      await disturbed(steps, async () => removeBackup(await destinationOf(steps, name), doomed.id));
      expect(await wholePoints(destination)).toContain(kept);
      // What a removal left goes with the next one.
      await saveFiles();
      const last = await createBackup(cellOf(never), destination, { signal });
      for (const id of [doomed.id, last.id]) await removeBackup(destination, id).catch(notThere);
      expect(await wholePoints(destination)).toEqual([kept]);
      expect(await packs()).toEqual(needed);
    };
    expect(await faultsEverywhere(31, survive)).toBeGreaterThan(20);
  },
  faultsTimeoutMs,
);

function notThere(error: unknown): void {
  if (!(error instanceof Problem && error.code === 'not_found')) throw error;
}

/** Where a point is restored to, by a first process that is disturbed. */
async function halfRestored(steps: Faults, point: string, replace: boolean): Promise<RestoreTarget> {
  const target = { tenantId: newId(parseTenantId), replace, create: { name: 'half restored', hosts: [] } };
  await disturbed(steps, async () => restoreBackup(cellOf(steps), await destinationOf(steps), point, target, { signal }));
  return target;
}

async function isWhole(tenantId: TenantId, point: string): Promise<boolean> {
  // What a service has not ended would take rows still.
  const body = { step: 'rows' as const, restoreId: restoreIdOf(point, tenantId), table: 'drives', rows: [] };
  const more = cellOf(never)('metadata', tenantId).call(routes.restoreTenantInMetadata, { params: { tenant: tenantId }, body });
  if ((await failure(more)) !== 'not_found') return false;
  const differences = await compareWithBackup(cellOf(never), await destinationOf(never), point, tenantId, { signal });
  if (differences.length > 0) return false;
  await checkThrough(cellOf(never)('upload', tenantId), tenantId);
  return true;
}

const letIn = (tenantId: TenantId, suspended = false): Promise<unknown> =>
  registerTenant(administrator, `${tenantId}.test`, { tenantId, suspended, hosts: [] });

administered('a restore whose process fails or dies anywhere is gone on with by the same command', () => goesOn(false), faultsTimeoutMs);

administered('so is one that replaces what is there', () => goesOn(true), faultsTimeoutMs);

async function goesOn(replace: boolean): Promise<void> {
  const { id: point } = await createBackup(cellOf(never), await destinationOf(never), { signal });
  const survive = async (steps: Faults): Promise<void> => {
    const target = await halfRestored(steps, point, replace);
    const { tenantId } = target;
    await restoreBackup(cellOf(never), await destinationOf(never), point, target, { signal });
    expect(await isWhole(tenantId, point)).toBe(true);
    await letIn(tenantId);
    await letIn(tenantId, true);
    // From here on what is there is people's.
    const over = { tenantId, replace: false };
    expect(await failure(restoreBackup(cellOf(never), await destinationOf(never), point, over, { signal }))).toBe('already_exists');
    expect(await failure(abandonRestore(cellOf(never), await destinationOf(never), point, tenantId, signal))).toBe('not_found');
  };
  expect(await faultsEverywhere(31, survive)).toBeGreaterThan(40);
}

administered(
  'nobody is let into half a tenant, wherever its restore died',
  async () => {
    const { id: point } = await createBackup(cellOf(never), await destinationOf(never), { signal });
    const survive = async (steps: Faults): Promise<void> => {
      const target = await halfRestored(steps, point, false);
      const { tenantId } = target;
      const refusal = await failure(letIn(tenantId));
      const isEmpty = (await failure(letIn(tenantId, true))) === '' && (await isUntouched(tenantId));
      if (refusal === '') expect(isEmpty || (await isWhole(tenantId, point))).toBe(true);
      else expect(refusal).toBe('locked');
    };
    expect(await faultsEverywhere(31, survive)).toBeGreaterThan(40);
  },
  faultsTimeoutMs,
);

/** Whether no service has a row of the tenant, so that any point may be restored into it. */
async function isUntouched(tenantId: TenantId): Promise<boolean> {
  const { id } = await createBackup(cellOf(never), await copyOf(tenantId), { signal });
  return (await listBackups(await copyOf(tenantId))).every((one) => one.id !== id || one.rows === 0);
}

async function copyOf(tenantId: TenantId): Promise<Destination> {
  return openFolderDestination(path.join(door.folder, 'copies'), tenantId, Buffer.alloc(32, 7));
}

administered(
  'a restore that died is abandoned, and another point takes its place',
  async () => {
    const { id: point } = await createBackup(cellOf(never), await destinationOf(never), { signal });
    await saveFiles();
    const { id: other } = await createBackup(cellOf(never), await destinationOf(never), { signal });
    let abandoned = 0;
    const survive = async (steps: Faults): Promise<void> => {
      const target = await halfRestored(steps, point, false);
      const { tenantId } = target;
      // Abandoning may die, too.
      const second = deathAt(((abandoned += 1) % 20) + 1);
      await disturbed(second, async () =>
        abandonRestore(cellOf(second), await destinationOf(second), point, tenantId, signal).catch(notThere),
      );
      const refusal = await failure(abandonRestore(cellOf(never), await destinationOf(never), point, tenantId, signal));
      expect(['', 'not_found']).toContain(refusal);
      const again = () => destinationOf(never).then((destination) => restoreBackup(cellOf(never), destination, other, target, { signal }));
      // One that had come to its end needs no other in its place.
      const taken = await failure(again());
      if (taken !== '') expect([refusal, taken]).toEqual(['not_found', 'already_exists']);
      expect(await isWhole(tenantId, taken === '' ? other : point)).toBe(true);
    };
    expect(await faultsEverywhere(31, survive)).toBeGreaterThan(40);
  },
  faultsTimeoutMs,
);
