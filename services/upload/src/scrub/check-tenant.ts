import { parsePackId } from '@driftbox/chunk-store';
import { parseDigest, parseDriveId, type Digest, type TenantId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type Finding, type Routes } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import { findPlaces } from '../store/find-places.ts';
import { listPacks } from '../store/list-packs.ts';
import type { ListedPack } from '../store/list-unverified-packs.ts';
import { compareLedger } from '../store/recount-ledger.ts';
import { recordScrub } from '../store/record-scrub.ts';
import { repairLedger } from '../store/repair-ledger.ts';
import { rebuildRows } from './rebuild-rows.ts';
import { scrubPack } from './scrub-pack.ts';

/** How a check is asked for. */
export type CheckRequest = {
  readonly place: string | undefined;
  readonly repair: boolean;
  readonly signal: AbortSignal;
  /** How long one call may work. */
  readonly budgetMs: number;
};
type Checked = AnswerOf<Routes['checkTenantInUpload']>;
type Work = CheckRequest & { readonly context: Context; readonly tenantId: TenantId; readonly untilMs: number };

/** Read at once; what they hold in memory is within the budget for reads. */
const packsOfStep = 8;
const referencesOfStep = 5_000;
const drivesOfStep = 20;
const problems = { missing: 'chunk_missing', corrupt: 'chunk_corrupt' } as const;
const nothing: Checked = { packs: 0, packBytes: 0, references: 0, drives: 0, findings: [] };

/**
 * Checks a tenant, stage by stage: every pack is read and verified; every chunk that a revision names must have a row; the ledger
 * must equal the rows; each drive's journal, tree and lines must fit each other. Works for `budgetMs` and answers where to go on.
 * What can be repaired are the ledgers, and chunks without a row whose pack is there: damaged bytes come back with their pack, or when
 * somebody who has them saves them again.
 */
export async function checkTenant(context: Context, tenantId: TenantId, request: CheckRequest): Promise<Checked> {
  const work: Work = { ...request, context, tenantId, untilMs: performance.now() + request.budgetMs };
  const [stage = 'packs', after = ''] = (request.place ?? 'packs ').split(' ');
  if (stage === 'packs') return checkPacks(work, after);
  if (stage === 'references') return checkReferences(work, after);
  if (stage === 'ledger') return checkLedger(work);
  if (stage === 'drives') return checkDrives(work, after);
  throw new Problem('invalid_argument', 'place: is none that a check answered');
}

async function checkPacks(work: Work, after: string): Promise<Checked> {
  const { context, tenantId } = work;
  let last = after === '' ? undefined : parsePackId(after);
  if (after !== '' && last === undefined) throw new Problem('invalid_argument', 'place: is none that a check answered');
  const done = { packs: 0, packBytes: 0 };
  const findings: Finding[] = [];
  while (performance.now() < work.untilMs) {
    const packs = await listPacks(context.database, tenantId, last, packsOfStep);
    if (packs.length === 0) return { ...nothing, ...done, findings, place: 'references ' };
    findings.push(...(await checkSome(work, packs)));
    last = packs.at(-1)?.packId;
    done.packs += packs.length;
    done.packBytes += packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }
  return { ...nothing, ...done, findings, place: `packs ${last ?? ''}` };
}

/** Reads some packs side by side, and keeps what is damaged in one go. */
async function checkSome(work: Work, packs: readonly ListedPack[]): Promise<Finding[]> {
  const { context, tenantId, signal } = work;
  const packIds = packs.map(({ packId }) => packId);
  const damage = (await Promise.all(packs.map((pack) => scrubPack(context, tenantId, pack, signal)))).flat();
  await recordScrub(context.database, tenantId, packIds, damage);
  const rebuilt = work.repair ? await rebuildRows(context, tenantId, packIds, signal) : [];
  const found = [
    ...damage.map(({ digest, packId, kind }) => ({ problem: problems[kind], digest, packId, repaired: false })),
    ...rebuilt.map(({ digest, packId }) => ({ problem: 'chunk_unknown' as const, digest, packId, repaired: true })),
  ];
  const described = await describe(
    work,
    found.map(({ digest }) => digest),
  );
  return found.map((one) => ({ ...one, revisions: described.filter(({ digest }) => digest === one.digest) }));
}

async function checkReferences(work: Work, after: string): Promise<Checked> {
  const { context, tenantId, signal } = work;
  const from = after === '' ? undefined : parseDigest(after);
  if (after !== '' && from === undefined) throw new Problem('invalid_argument', 'place: is none that a check answered');
  const body = { limit: referencesOfStep, ...(from === undefined ? {} : { after: from }) };
  const { digests } = await context.metadata.client.call(routes.listReferenced, { ...context.metadata.as({ tenantId, signal }), body });
  const { places } = await findPlaces(context.database, tenantId, digests);
  const absent = digests.filter((digest) => !places.has(digest));
  const findings: Finding[] = [];
  // What only lists name that nothing retains any more may have been collected.
  for (const [digest, revisions] of Map.groupBy(await describe(work, absent), (revision) => revision.digest)) {
    findings.push({ problem: 'chunk_unknown', digest, revisions, repaired: false });
  }
  const last = digests.at(-1);
  return { ...nothing, references: digests.length, findings, place: last === undefined ? 'ledger ' : `references ${last}` };
}

async function checkLedger({ context, tenantId, repair }: Work): Promise<Checked> {
  const next = { ...nothing, place: 'drives ' };
  const { kept, counted } = await compareLedger(context.database, tenantId);
  if (JSON.stringify(kept) === JSON.stringify(counted)) return next;
  if (repair) await repairLedger(context.database, tenantId);
  return { ...next, findings: [{ problem: 'ledger_drift', kept, counted, repaired: repair }] };
}

/** Metadata looks at its own rows: journals, trees, the lines of drives, and what people hold. */
async function checkDrives({ context, tenantId, repair, signal }: Work, after: string): Promise<Checked> {
  const from = after === '' ? undefined : parseDriveId(after);
  if (after !== '' && from === undefined) throw new Problem('invalid_argument', 'place: is none that a check answered');
  const body = { limit: drivesOfStep, repair, ...(from === undefined ? {} : { after: from }) };
  const answer = await context.metadata.client.call(routes.checkDrives, { ...context.metadata.as({ tenantId, signal }), body });
  const { drives, findings, last } = answer;
  return { ...nothing, drives, findings, ...(last === undefined ? {} : { place: `drives ${last}` }) };
}

/** The revisions that these chunks belong to. */
async function describe({ context, tenantId, signal }: Work, digests: readonly Digest[]) {
  const revisions: AnswerOf<Routes['findAffected']>['revisions'] = [];
  for (let from = 0; from < digests.length; from += 1_000) {
    const body = { digests: digests.slice(from, from + 1_000) };
    const answer = await context.metadata.client.call(routes.findAffected, { ...context.metadata.as({ tenantId, signal }), body });
    revisions.push(...answer.revisions);
  }
  return revisions;
}
