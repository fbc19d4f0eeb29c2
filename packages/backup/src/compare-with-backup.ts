import { createHash, type Hash } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import { readBackupIndex, readObjects } from './backup-index.ts';
import { keepers, type Cell } from './cell.ts';
import type { Destination } from './destination.ts';
import { findPoint } from './find-point.ts';
import type { Manifest } from './manifest.ts';
import type { Tell } from './progress.ts';
import { isForTenant } from './restore-backup.ts';
import { readLines } from './tenant-lines.ts';

/** Compares every row of a tenant with a point; answers the tables whose rows are not those of the point, as `service.table`. */
export async function compareWithBackup(
  cell: Cell,
  destination: Destination,
  id: string,
  tenantId: TenantId,
  { tell = () => undefined, signal }: { readonly tell?: Tell; readonly signal: AbortSignal },
): Promise<string[]> {
  const manifest = await findPoint(destination, id);
  const index = await readBackupIndex(destination);
  const differences: string[] = [];
  for (const { service, read } of keepers) {
    const pieces = manifest.rows.find((one) => one.service === service)?.pieces ?? [];
    const expected = await digestsOf(readObjects(destination, index, pieces), manifest, tenantId);
    const { body } = await cell(service, tenantId).stream(read, { params: { tenant: tenantId }, signal });
    const actual = await digestsOf(body, manifest, tenantId);
    for (const table of new Set([...expected.keys(), ...actual.keys()]))
      if (expected.get(table) !== actual.get(table)) differences.push(`${service}.${table}`);
    tell({ stage: 'compare', done: keepers.findIndex((one) => one.service === service) + 1, total: keepers.length, bytes: 0 });
  }
  return differences;
}

/** One digest for each table with rows, whatever its rows were divided into. A drive's epoch is new wherever it is restored. */
async function digestsOf(lines: AsyncIterable<Uint8Array>, manifest: Manifest, tenantId: TenantId): Promise<Map<string, string>> {
  const hashes = new Map<string, Hash>();
  for await (const { table, rows = [], contents } of readLines(lines)) {
    const name = table ?? (contents === undefined ? undefined : 'contents');
    if (name === undefined || !isForTenant(manifest, tenantId, name)) continue;
    const hash = hashes.get(name) ?? createHash('sha256');
    hashes.set(name, hash);
    for (const row of rows) hash.update(`${JSON.stringify(name === 'drives' ? { ...row, epoch: undefined } : row)}\n`);
    for (const digest of contents ?? []) hash.update(digest);
  }
  return new Map([...hashes].map(([name, hash]) => [name, hash.digest('hex')]));
}
