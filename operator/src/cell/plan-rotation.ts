import type { CellSpec } from '@driftbox/resources';
import { rotationAsked } from '../annotations.ts';
import type { CellObserved } from './cell-observed.ts';
import { secretsRevision } from './cell-releases.ts';
import { nextStartMs } from './maintenance-window.ts';
import { cellNames } from './names.ts';
import { isOther, rotationOf, type RotationPhase } from './rotation.ts';

/**
 * Whether a pass takes the rotation of a cell's secrets one phase further. `idle`: nobody asked for one. `waits`: something has to come
 * first, which the message names.
 */
export type RotationPlan =
  | { readonly kind: 'idle' | 'advances' }
  | { readonly kind: 'waits'; readonly phase: RotationPhase | undefined; readonly message: string };

const dayMs = 86_400_000;

/**
 * Decides on the rotation of a cell's secrets. `awaited` is what has to come before, undefined where the cell is as it is to be: a phase
 * ends once every pod that runs was started with what the phase gives out, those that are on their way out included, and Redis takes it.
 */
export function planRotation(observed: CellObserved, awaited: string | undefined): RotationPlan {
  const { master = {} } = observed;
  const { phase } = rotationOf(master);
  const wait = (message: string): RotationPlan => ({ kind: 'waits', phase, message });
  if (phase === undefined) {
    const asked = whyNow(observed);
    if (asked === undefined) return { kind: 'idle' };
    if (asked.message !== undefined) return wait(asked.message);
  }
  if (awaited !== undefined) return wait(awaited);
  if (phase === undefined) {
    if (observed.upgrade.kind === 'underWay') return wait('an upgrade is under way');
    const foreign = Object.keys(master).find((key) => isOther(key));
    if (foreign !== undefined) return wait(`somebody has put ${foreign} into the Secret ${cellNames(observed.cell.metadata.name).master}`);
    return { kind: 'advances' };
  }
  const behind = behindOf(observed, phase);
  return behind === undefined ? { kind: 'advances' } : wait(behind);
}

/** Why a rotation is due, and what its begin waits for; undefined where none is. What somebody asks for waits for no window. */
function whyNow({ cell, spec, master = {}, epochMs }: CellObserved): { readonly message?: string } | undefined {
  const { since, token } = rotationOf(master);
  const asked = rotationAsked(cell);
  if (asked !== undefined && asked !== token) return {};
  const everyDays = spec?.secrets?.rotateEveryDays;
  if (everyDays === undefined || epochMs < Date.parse(since ?? '1970-01-01') + everyDays * dayMs) return undefined;
  const startMs = nextStartMs((spec as CellSpec).maintenance, epochMs);
  return startMs <= epochMs ? {} : { message: `the maintenance window opens ${new Date(startMs).toISOString().slice(0, 16)}Z` };
}

/** Who does not have yet what the phase gives out; undefined where everybody does. */
function behindOf({ cell, input, workloads, holders, redis }: CellObserved, phase: RotationPhase): string | undefined {
  if (input === undefined || holders === undefined) return 'pods are to be looked at';
  const { cellRelease } = cellNames(cell.metadata.name);
  const wanted = secretsRevision(input);
  const old = [
    ...workloads.filter(({ release, secrets }) => release === cellRelease && secrets !== wanted),
    ...holders.pods.filter(({ release, secrets }) => release === cellRelease && secrets !== wanted),
  ];
  if (old.length > 0) return `these have other secrets still: ${named(old)}`;
  if (redis === 'due') return 'Redis takes other passwords still';
  if (typeof redis === 'object') return `Redis cannot be asked which passwords it takes: ${redis.message}`;
  // A Job has what was there when it began, and the masters may have been others since: it must not write that after the next one has.
  const began = phase === 'Switching' ? holders.before : phase === 'Adding' ? holders.migrations : [];
  return began.length > 0 ? `these began with those before, and have not ended: ${named(began)}` : undefined;
}

function named(all: readonly { readonly name: string }[]): string {
  const names = [...new Set(all.map(({ name }) => name))].toSorted();
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
