import fc from 'fast-check';
import { manualClock, seededRandom } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { openLeaseLink, type LeaseLink, type LinkState } from '../../testing/lease-link.ts';
import { ObjectStore } from '../../testing/object-store.ts';
import { turn } from '../../testing/turn.ts';
import { Elector } from './elector.ts';

type Write = { readonly atMs: number; readonly by: string };
type Step = { readonly who: number; readonly state: LinkState; readonly lastsMs: number };

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(2),
  state: fc.constantFrom('up', 'up', 'down', 'deaf', 'late'),
  lastsMs: fc.integer({ min: 500, max: 20_000 }),
});

/** Three processes, each of which writes whenever its guard lets it, and is replaced when it has lost the lead. */
class Cluster {
  readonly writes: Write[] = [];
  readonly clock = manualClock();
  readonly links: LeaseLink[] = [];
  readonly #store = new ObjectStore();
  readonly #random;
  readonly #electors: { elector: Elector; identity: string }[] = [];
  #born = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    for (let place = 0; place < 3; place += 1) this.#begin(place, 'up');
  }

  async pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 250) {
      this.clock.advance(250);
      await turn();
      for (const { elector, identity } of this.#electors) this.#write(elector, identity);
    }
  }

  /** A write may arrive at any time until the guard's patience ends: the API gives it up then. */
  #write(elector: Elector, by: string): void {
    let leftMs: number;
    try {
      leftMs = elector.guard();
    } catch {
      return;
    }
    this.writes.push({ atMs: this.clock.now() + Math.floor(this.#random.next() * leftMs), by });
  }

  #begin(place: number, state: LinkState): void {
    const link = openLeaseLink(this.#store, this.clock);
    link.state = state;
    const identity = `process-${(this.#born += 1)}`;
    const wallMs = (): number => this.clock.now();
    const random = this.#random.next;
    const elector = new Elector({ api: link.api, namespace: 'ns', name: 'lead', identity, clock: this.clock, wallMs, random });
    this.links[place] = link;
    this.#electors[place] = { elector, identity };
    elector.start();
    void elector.lost.then(() => this.#begin(place, this.links[place]?.state ?? 'up'));
  }
}

test('whatever happens to their lines, nobody writes after somebody else has begun to, and there is a leader in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), fc.nat(1e6), async (steps, seed) => {
      const cluster = new Cluster(seed);
      await cluster.pass(1_000);
      for (const { who, state, lastsMs } of steps) {
        (cluster.links[who] as LeaseLink).state = state;
        await cluster.pass(lastsMs);
      }
      for (const link of cluster.links) link.state = 'up';
      await cluster.pass(40_000);
      const order = cluster.writes.toSorted((one, other) => one.atMs - other.atMs).map(({ by }) => by);
      const turns = order.filter((by, index) => by !== order[index - 1]);
      expect(turns).toEqual([...new Set(order)]);
      expect(cluster.writes.some(({ atMs }) => atMs >= cluster.clock.now())).toBe(true);
    }),
    { numRuns: 25 },
  );
}, 60_000);
