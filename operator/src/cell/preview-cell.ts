import type { Release } from '../helm/index.ts';
import { planMade } from '../preview-made.ts';
import type { CellInput } from './cell-input.ts';
import type { CellObserved } from './cell-observed.ts';
import type { CellParts } from './cell-parts.ts';
import { backendsRelease, cellRelease } from './cell-releases.ts';
import { cellFinalizer, cellManager as manager } from './cell.ts';
import { migrationJob } from './migration-job.ts';
import { baseOf } from './observe-cell.ts';
import { planCell, type CellPlan, type CellStep } from './plan-cell.ts';

const told: Partial<Readonly<Record<CellStep, string>>> = {
  protect: `put the finalizer ${cellFinalizer}`,
  makeMasters: 'make its Secrets, and then what follows from them',
  tellRedis: 'give Redis the passwords that it is to take',
  rotate: 'take the rotation of its secrets one phase further, and then what follows from it',
  growVolumes: 'make the volumes of its back ends larger, by making their StatefulSets anew around their pods',
  certify: 'make a certificate for its domain, and then what follows from it',
  certifyParts: 'make certificates of its parts for one another, and then what follows from them',
};

/** A plan that takes no step, and tells what passes would change, an upgrade that may begin now included. */
export async function previewCell(parts: CellParts, seen: CellObserved, signal: AbortSignal): Promise<NonNullable<CellPlan>> {
  const { upgrade, input, namespace, migration } = seen;
  const plan = planCell(upgrade.kind === 'begins' ? { ...seen, upgrade: { kind: 'underWay' } } : seen);
  const { steps = [], phase = { kind: 'paused' } as const } = plan ?? {};
  if (!['working', 'failing', 'done'].includes(phase.kind)) return { steps: [], phase };
  const first = [upgrade.kind === 'waits' ? `later: ${upgrade.message}` : undefined, ...steps.map((step) => told[step])];
  const made = input === undefined ? undefined : { namespace, base: baseOf(parts, input), manager, releases: previewed(steps, input) };
  if (input !== undefined && migration === 'absent') first.push(`run the Job ${migrationJob(input).metadata.name}`);
  return { steps: [], phase: await planMade(parts, made, first, signal) };
}

/** The server would refuse a StatefulSet with other volumes: until it is made anew there is nothing to compare. */
function previewed(steps: readonly CellStep[], input: CellInput): Release[] {
  return [...(steps.includes('growVolumes') ? [] : [backendsRelease(input)]), cellRelease(input)];
}
