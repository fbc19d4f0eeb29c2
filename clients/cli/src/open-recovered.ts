import type { WholeCell } from '@driftbox/backup';
import type { TenantId } from '@driftbox/domain';
import { routes, type Finding } from '@driftbox/protocol';
import { withCell } from './backup-door.ts';
import { checkAll, linesOf } from './check-tenant.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';

type Report = { sessions: number; drives: number; tenants: { tenant: TenantId; findings: Finding[] }[] };

/**
 * `admin recovered`: makes a cell fit to be opened whose database was recovered to an earlier time. Ends all sessions, gives all drives new
 * epochs, and looks of every tenant whether all that its rows name is in the pool. Exit code 6 where something is not. May be repeated.
 */
export async function openRecovered(context: Context, words: readonly string[]): Promise<ExitCode> {
  if (words.length > 0) throw new UsageError('admin recovered names nothing');
  const report = await withCell(context, (cell) => recover(cell, (line) => context.output.note(line)));
  context.output.result(report, () => [
    ...report.tenants.flatMap(({ tenant, findings }) => (findings.length === 0 ? [] : [`tenant ${tenant}:`, ...findings.flatMap(linesOf)])),
    `${report.sessions} sessions ended, ${report.drives} drives with a new epoch, ${report.tenants.length} tenants checked`,
  ]);
  return report.tenants.every(({ findings }) => findings.length === 0) ? exitCodes.ok : exitCodes.partial;
}

async function recover(cell: WholeCell, tell: (line: string) => void): Promise<Report> {
  const report: Report = { sessions: 0, drives: 0, tenants: [] };
  for (let place: TenantId | undefined; ;) {
    const ended = await cell('auth', undefined).call(routes.recoverAuth, { body: { ...(place && { place }) } });
    report.sessions += ended.sessions;
    place = ended.place;
    if (place === undefined) break;
  }
  const tenants: TenantId[] = [];
  for (let place: TenantId | undefined; ;) {
    const renewed = await cell('metadata', undefined).call(routes.recoverMetadata, { body: { ...(place && { place }) } });
    report.drives += renewed.drives;
    tenants.push(...renewed.tenants);
    place = renewed.place;
    if (place === undefined) break;
  }
  for (const tenant of tenants) {
    tell(`checking tenant ${tenant}`);
    report.tenants.push({ tenant, findings: (await checkAll(cell('upload', tenant), tenant, false)).findings });
  }
  return report;
}
