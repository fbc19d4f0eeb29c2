import { seededRandom, type SeededRandom } from '@driftbox/testkit';
import type { Fault, FaultKind } from './fault.ts';

/** What a plan may do something to: the names are those of the world in which it is carried out. */
export type Ground = {
  /** Processes. */
  readonly parts: readonly string[];
  /** Connections. */
  readonly links: readonly string[];
  /** Processes whose clock can be set. */
  readonly clocks: readonly string[];
  /** Whether the disk under the pool can be filled. */
  readonly fills: boolean;
};

/** A fault and when it begins, in milliseconds from the start. */
export type PlannedFault = { readonly atMs: number; readonly fault: Fault };

export type PlanInput = { readonly seed: number; readonly minutes: number; readonly ground: Ground };

/** How often each kind is in the deck that faults are drawn from; a deck is used up before the next is begun. */
const copies: Readonly<Record<FaultKind, number>> = {
  kill: 5,
  pause: 2,
  cut: 2,
  delay: 1,
  silence: 1,
  'half-open': 1,
  'lose-answers': 2,
  refuse: 1,
  fill: 1,
  corrupt: 1,
  clock: 1,
};

const firstMs = 2_000;
const shortestGapMs = 300;
const longestGapMs = 3_500;
/** At the end nothing new begins, so that what was begun comes to its end. */
const lastMs = 3_000;
/** What a corruption is given: other faults begin after it. */
const corruptionMs = 6_000;

/** Whether nothing else may happen during a fault: what is found must have one cause. */
export function isAlone({ kind }: Fault): boolean {
  return kind === 'corrupt';
}

/** How long a fault lasts by plan. */
export function lengthOf(fault: Fault): number {
  if (fault.kind === 'kill') return fault.downMs;
  if (fault.kind === 'corrupt') return corruptionMs;
  return fault.kind === 'cut' ? 0 : fault.lastsMs;
}

/** What a fault is done to: two faults of one victim do not overlap. */
export function victimOf(fault: Fault): string {
  if ('part' in fault) return fault.part;
  return 'link' in fault ? fault.link : 'pool';
}

/** The faults of a seed in order of time. The same input gives the same plan; every fault ends within the minutes. */
export function planFaults({ seed, minutes, ground }: PlanInput): PlannedFault[] {
  const random = seededRandom(seed);
  const endMs = minutes * 60_000 - lastMs;
  const plan: PlannedFault[] = [];
  const freeAtMs = new Map<string, number>();
  let lastEndMs = 0;
  let deck: FaultKind[] = [];
  for (let atMs = firstMs; atMs < endMs; atMs += random.integer(shortestGapMs, longestGapMs)) {
    if (deck.length === 0) deck = shuffledDeck(ground, random);
    const kind = deck.pop();
    if (kind === undefined) return plan;
    const fault = faultOf(kind, ground, random);
    const free = isAlone(fault) ? lastEndMs : (freeAtMs.get(victimOf(fault)) ?? 0);
    const beginMs = Math.max(atMs, free);
    const overMs = beginMs + lengthOf(fault);
    if (overMs > endMs) continue;
    plan.push({ atMs: beginMs, fault });
    freeAtMs.set(victimOf(fault), overMs);
    lastEndMs = Math.max(lastEndMs, overMs);
    if (isAlone(fault)) atMs = overMs;
  }
  return plan.sort((a, b) => a.atMs - b.atMs);
}

/** The kinds that this ground allows. */
export function kindsOf({ parts, links, clocks, fills }: Ground): FaultKind[] {
  const onParts: readonly FaultKind[] = parts.length > 0 ? ['kill', 'pause'] : [];
  const onLinks: readonly FaultKind[] = links.length > 0 ? ['cut', 'delay', 'silence', 'half-open', 'lose-answers', 'refuse'] : [];
  return [...onParts, ...onLinks, 'corrupt', ...(clocks.length > 0 ? (['clock'] as const) : []), ...(fills ? (['fill'] as const) : [])];
}

function shuffledDeck(ground: Ground, random: SeededRandom): FaultKind[] {
  const deck = kindsOf(ground).flatMap((kind) => Array.from({ length: copies[kind] }, () => kind));
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const other = random.integer(0, last);
    [deck[last], deck[other]] = [deck[other]!, deck[last]!];
  }
  return deck;
}

function faultOf(kind: FaultKind, { parts, links, clocks }: Ground, random: SeededRandom): Fault {
  switch (kind) {
    case 'kill':
      return { kind, part: random.pick(parts), downMs: random.pick([0, 0, random.integer(1, 3_000)]) };
    case 'pause':
      return { kind, part: random.pick(parts), lastsMs: random.integer(200, 6_000) };
    case 'cut':
      return { kind, link: random.pick(links) };
    case 'delay':
      return { kind, link: random.pick(links), delayMs: random.integer(20, 700), lastsMs: random.integer(1_000, 5_000) };
    case 'lose-answers':
      return { kind, link: random.pick(links), afterBytes: random.integer(1, 2_000), lastsMs: random.integer(500, 3_000) };
    case 'silence':
    case 'half-open':
    case 'refuse':
      return { kind, link: random.pick(links), lastsMs: random.integer(500, 6_000) };
    case 'fill':
      return { kind, lastsMs: random.integer(2_000, 5_000) };
    case 'corrupt':
      return { kind };
    case 'clock':
      return {
        kind,
        part: random.pick(clocks),
        jumpMs: random.pick([-1, 1]) * random.integer(5_000, 5_400_000),
        lastsMs: random.integer(2_000, 8_000),
      };
  }
}
