import type { Client } from '@driftbox/api-client';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes, type Finding } from '@driftbox/protocol';
import { checkPool } from './check-pool.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { withUpload } from './internal-door.ts';
import { showBytes, visible } from './output.ts';

type Report = { packs: number; packBytes: number; references: number; drives: number; findings: Finding[] };

/**
 * `admin fsck`: asks upload's internal address to check all of a tenant, and prints what is wrong; without a tenant, what lies in the
 * pool and belongs to nothing. Exit code 6 where something was found that is not repaired.
 */
export async function checkTenant(context: Context, words: readonly string[]): Promise<ExitCode> {
  const { output, given } = context;
  if (words.length > 0) throw new UsageError('admin fsck names nothing');
  const named = given.text('tenant');
  const tenant = parseTenantId(named ?? '');
  if (named !== undefined && tenant === undefined) throw new UsageError('name the tenant by its id: --tenant UUID');
  if (tenant === undefined && given.on('repair')) throw new UsageError('--repair is for one tenant: what lies astray goes by itself');
  return withUpload(context, tenant, async (client) => {
    if (tenant === undefined) {
      await checkPool(client, output);
      return exitCodes.ok;
    }
    const report = await checkAll(client, tenant, given.on('repair'));
    output.result(report, () => [...report.findings.flatMap(linesOf), summaryOf(report)]);
    return report.findings.every(({ repaired }) => repaired) ? exitCodes.ok : exitCodes.partial;
  });
}

/** Has upload check all of a tenant, through an administrator's client, and gathers what it found. */
export async function checkAll(client: Client, tenant: TenantId, repair: boolean): Promise<Report> {
  const report: Report = { packs: 0, packBytes: 0, references: 0, drives: 0, findings: [] };
  for (let place: string | undefined; ;) {
    const answer = await client.call(routes.checkTenantInUpload, { params: { tenant }, body: { repair, ...(place && { place }) } });
    report.packs += answer.packs;
    report.packBytes += answer.packBytes;
    report.references += answer.references;
    report.drives += answer.drives;
    report.findings.push(...answer.findings);
    place = answer.place;
    if (place === undefined) return report;
  }
}

/** What a person reads of a finding. */
export function linesOf(found: Finding): string[] {
  switch (found.problem) {
    case 'ledger_drift': {
      const { kept, counted } = found;
      const sides = `${kept.packBytes} bytes in ${kept.packs} packs, counted ${counted.packBytes} in ${counted.packs}`;
      return [`ledger: says ${sides}${mended(found)}`];
    }
    case 'journal_gap':
      return [`journal_gap: drive ${found.drive} of ${found.owner} lacks ${found.changes} changes, the first is ${found.firstSeq}`];
    case 'tree_broken':
      return [`tree_broken: drive ${found.drive} of ${found.owner} has ${found.entries} entries that do not fit it`];
    case 'drive_ledger_drift':
      return [`drive_ledger_drift: drive ${found.drive} of ${found.owner} is off by ${offBy(found)}`];
    case 'holdings_drift':
      return [`holdings_drift: what the tenant and its people hold is off by ${offBy(found)}`];
    default: {
      const where = found.packId === undefined ? '' : ` of pack ${found.packId}`;
      return [
        `${found.problem}: ${found.digest}${where}${mended(found)}`,
        ...found.revisions.map(
          ({ drive, entryId, rev, name, owner }) => `  ${visible(name)} (revision ${rev} of ${entryId}, drive ${drive} of ${owner})`,
        ),
      ];
    }
  }
}

function offBy(found: Extract<Finding, { readonly bytes: number }>): string {
  return `${found.bytes} bytes and ${found.files} files${mended(found)}`;
}

function mended({ repaired }: Finding): string {
  return repaired ? '; repaired' : '';
}

function summaryOf({ packs, packBytes, references, drives, findings }: Report): string {
  const found = findings.length === 0 ? 'nothing is wrong' : `${findings.length} found`;
  return `${packs} packs (${showBytes(packBytes)}) read, ${references} references looked up, ${drives} drives checked: ${found}`;
}
