import { requestedAt } from '../annotations.ts';
import { mergeConditions } from '../runtime/index.ts';
import { cellConditions, type CellPassed } from './cell-conditions.ts';
import { masterKeys, cellNames, gatewayAddress } from './names.ts';
import type { CellStatus, ReleaseStatus } from './cell.ts';
import type { Master } from './master-secret.ts';
import { rotationOf } from './rotation.ts';

/** The whole status of a Cell after a pass. */
export function cellStatus(passed: CellPassed): CellStatus {
  const { observed, phase, failure } = passed;
  const { cell, input, tenants, epochMs } = observed;
  const { generation = 0, name } = cell.metadata;
  const before = cell.status;
  const conditions = cellConditions(passed).map((one) => ({ ...one, observedGeneration: generation }));
  const token = requestedAt(cell);
  const runs = runningVersion(passed) ?? before?.version;
  const known = {
    cellId: observed.master?.[masterKeys.cellId] ?? before?.cellId,
    namespace: input === undefined ? before?.namespace : cellNames(name).namespace,
    version: runs,
    upgrading: isUpgrading(passed) && runs !== observed.spec?.version ? observed.spec?.version : undefined,
    address: input === undefined ? before?.address : gatewayAddress(name, input.tls === undefined ? 'http' : 'https'),
    releases: releasesOf(passed) ?? before?.releases,
    rotation: observed.master === undefined ? before?.rotation : rotationSaid(observed.master),
    plan: phase.kind === 'planned' ? phase.plan : undefined,
    // Answered by a pass that came to its end.
    requestedAt: failure === undefined && phase.kind !== 'working' && phase.kind !== 'failing' ? token : before?.requestedAt,
  };
  return {
    observedGeneration: generation,
    conditions: mergeConditions(before?.conditions, conditions, epochMs),
    tenants: tenants.length,
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Partial<CellStatus>),
  };
}

/** Absent where it is not known how old they are. */
function rotationSaid(master: Master): CellStatus['rotation'] {
  const said = rotationOf(master);
  return said.since === undefined ? undefined : said;
}

/** An upgrade has begun once that was decided, whatever came of it since. */
function isUpgrading({ observed, phase }: CellPassed): boolean {
  return observed.upgrade.kind === 'underWay' || (phase.kind === 'working' && phase.begins === true);
}

/** A version runs once its release is in sync and all of its pods are ready. */
function runningVersion({ observed, phase, outcomes }: CellPassed): string | undefined {
  return phase.kind === 'done' && outcomes.services?.state === 'inSync' ? observed.input?.version.version : undefined;
}

function releasesOf({ observed, outcomes }: CellPassed): ReleaseStatus[] | undefined {
  const { input, cell } = observed;
  if (input === undefined) return undefined;
  const { backendsRelease, cellRelease } = cellNames(cell.metadata.name);
  const all = [
    { name: backendsRelease, chart: 'driftbox-backends', outcome: outcomes.backends },
    { name: cellRelease, chart: 'driftbox-cell', outcome: outcomes.services },
  ];
  const before = cell.status?.releases ?? [];
  return all.flatMap(({ name, chart, outcome }): ReleaseStatus[] => {
    const latest = outcome?.latest;
    if (latest === undefined) return before.filter((one) => one.name === name);
    return [{ name, chart: `${chart}-${input.version.version}`, revision: latest.revision, digest: latest.digest ?? '' }];
  });
}
