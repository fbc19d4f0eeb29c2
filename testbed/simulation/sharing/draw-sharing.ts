import type { SeededRandom } from '@driftbox/testkit';
import { convertingActs, sharingActs, type Act, type Script, type Step } from '../script.ts';
import type { CellSize } from './cell.ts';

/** What people share in one seed, and what comes of it when. */
export type Sharing = { readonly size: CellSize; readonly steps: readonly { readonly behind: number; readonly step: Step }[] };

const largest = 1_000_000;
const longestMs = 3_000;

export function drawSharing(random: SeededRandom, clients: number): Sharing {
  const size = { people: random.integer(2, Math.min(3, clients)), shared: random.pick([1, 1, 2]) };
  const number = () => random.integer(0, largest);
  const draw = (most: number, acts: readonly Act[]) =>
    Array.from({ length: random.integer(1, most) }, () => {
      const client = random.integer(0, clients - 1);
      const afterMs = random.next() < 0.4 ? random.integer(0, 50) : random.integer(0, longestMs);
      return { behind: number(), step: { afterMs, client, act: random.pick(acts), a: number(), b: number(), c: number() } };
    });
  const steps = draw(10, sharingActs);
  const converting = random.next() < 0.5 ? draw(4, convertingActs) : [];
  return { size, steps: [...steps, ...converting] };
}

/** What happens to disks or between people happens among the rest. */
export function withSteps({ kind, steps }: Script, more: Sharing['steps']): Script {
  const all = [...steps];
  for (const { behind, step } of more) all.splice(behind % (all.length + 1), 0, step);
  return { kind, steps: all };
}
