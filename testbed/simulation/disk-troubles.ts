import type { SeededRandom } from '@driftbox/testkit';
import { diskActs, type Script, type Step } from './script.ts';

/** What is the matter with the disks of one seed. */
export type DiskTroubles = {
  /** By client: false where a disk takes `a` and `A` for one name. */
  readonly tellCases: readonly boolean[];
  /** What befalls them, and after which step of the script. */
  readonly steps: readonly { readonly behind: number; readonly step: Step }[];
};

const largest = 1_000_000;
const longestMs = 3_000;

/** Most seeds have sound disks: what else can go wrong shall show. */
export function drawDiskTroubles(random: SeededRandom, clients: number): DiskTroubles {
  const isBlind = random.next() < 0.25;
  const tellCases = Array.from({ length: clients }, () => !(isBlind && random.next() < 0.6));
  const acts = diskActs.filter((act) => act !== 'respell' || isBlind);
  const number = () => random.integer(0, largest);
  const count = isBlind || random.next() < 0.3 ? random.integer(1, 4) : 0;
  const steps = Array.from({ length: count }, () => {
    const client = random.integer(0, clients - 1);
    const step = { afterMs: random.integer(0, longestMs), client, act: random.pick(acts), a: number(), b: number(), c: number() };
    return { behind: number(), step };
  });
  return { tellCases, steps };
}

export function withDiskTroubles({ kind, steps }: Script, troubles: DiskTroubles): Script {
  const all = [...steps];
  for (const { behind, step } of troubles.steps) {
    // Where one person works alone, that is the first client's.
    const client = kind !== 'free' && step.act === 'respell' ? 0 : step.client;
    all.splice(behind % (all.length + 1), 0, { ...step, client });
  }
  return { kind, steps: all };
}
