import { createClient, httpTransport } from '@driftbox/api-client';
import { parseTenantId } from '@driftbox/domain';
import { routes, type Finding } from '@driftbox/protocol';
import { adminToken } from './admin-token.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { showBytes, visible } from './output.ts';
import { parseServer } from './server-address.ts';

type Report = { packs: number; packBytes: number; references: number; drives: number; findings: Finding[] };

/**
 * `admin fsck`: asks upload's internal address to check all of a tenant, and prints what is wrong. Exit code 6 where something
 * was found that is not repaired.
 */
export async function checkTenant({ output, env, signal, server, given }: Context): Promise<ExitCode> {
  const tenant = parseTenantId(given.text('tenant') ?? '');
  if (tenant === undefined) throw new UsageError('name the tenant by its id: --tenant UUID');
  const serviceKey = env['DRIFTBOX_SERVICE_KEY'];
  if (serviceKey === undefined || Buffer.byteLength(serviceKey) < 32)
    throw new UsageError("set DRIFTBOX_SERVICE_KEY to the cell's service key");
  if (server === undefined) throw new UsageError("name upload's internal address: --server http://127.0.0.1:7431");
  const transport = httpTransport(parseServer(server, env['DRIFTBOX_ALLOW_HTTP'] === '1'));
  const client = createClient({ transport, signal, token: () => Promise.resolve(adminToken(serviceKey, tenant, Date.now())) });
  const report: Report = { packs: 0, packBytes: 0, references: 0, drives: 0, findings: [] };
  try {
    for (let place: string | undefined; ;) {
      const body = { repair: given.on('repair'), ...(place === undefined ? {} : { place }) };
      const answer = await client.call(routes.checkTenantInUpload, { params: { tenant }, body });
      report.packs += answer.packs;
      report.packBytes += answer.packBytes;
      report.references += answer.references;
      report.drives += answer.drives;
      report.findings.push(...answer.findings);
      place = answer.place;
      if (place === undefined) break;
    }
  } finally {
    transport.close();
  }
  output.result(report, () => [...report.findings.flatMap(linesOf), summaryOf(report)]);
  return report.findings.every(({ repaired }) => repaired) ? exitCodes.ok : exitCodes.partial;
}

function linesOf(found: Finding): string[] {
  switch (found.problem) {
    case 'ledger_drift': {
      const { kept, counted, repaired } = found;
      const sides = `${kept.packBytes} bytes in ${kept.packs} packs, counted ${counted.packBytes} in ${counted.packs}`;
      return [`ledger: says ${sides}${repaired ? '; repaired' : ''}`];
    }
    case 'journal_gap':
      return [`journal_gap: drive ${found.drive} of ${found.owner} lacks ${found.changes} changes, the first is ${found.firstSeq}`];
    case 'tree_broken':
      return [`tree_broken: drive ${found.drive} of ${found.owner} has ${found.entries} entries that do not fit it`];
    case 'drive_ledger_drift':
      return [`drive_ledger_drift: drive ${found.drive} of ${found.owner} is off by ${found.bytes} bytes and ${found.files} files`];
    default: {
      const where = found.packId === undefined ? '' : ` of pack ${found.packId}`;
      return [
        `${found.problem}: ${found.digest}${where}`,
        ...found.revisions.map(
          ({ drive, entryId, rev, name, owner }) => `  ${visible(name)} (revision ${rev} of ${entryId}, drive ${drive} of ${owner})`,
        ),
      ];
    }
  }
}

function summaryOf({ packs, packBytes, references, drives, findings }: Report): string {
  const found = findings.length === 0 ? 'nothing is wrong' : `${findings.length} found`;
  return `${packs} packs (${showBytes(packBytes)}) read, ${references} references looked up, ${drives} drives checked: ${found}`;
}
