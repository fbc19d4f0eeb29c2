import { describe, expect, test } from '@jest/globals';
import type { Digest } from '@driftbox/domain';
import { contents, playCollection, type Spoil } from '../testing/play-collection.ts';

const seeds = Array.from({ length: 60 }, (_, n) => n + 1);

/** The first seed that finds a planted defect. */
async function firstToFail(spoil: Spoil | undefined): Promise<number | undefined> {
  for (const seed of seeds) {
    const failed = await playCollection(seed, spoil).then(
      () => false,
      () => true,
    );
    if (failed) return seed;
  }
  return undefined;
}

describe('collection among uploads, commits, purges, readers, deaths and another collector', () => {
  test('never takes what is referenced, and in the end leaves nothing dead', async () => {
    let collected = 0;
    for (const seed of seeds) {
      const tenant = await playCollection(seed).catch((error: Error) =>
        Promise.reject(new Error(`seed ${seed}: ${error.message}`, { cause: error })),
      );
      expect([seed, [...tenant.chunks.keys()].sort()]).toEqual([seed, [...tenant.referenced].sort()]);
      for (const { live, dead, sizeBytes } of tenant.packs.values()) expect(live > 0 && dead * 2 <= sizeBytes).toBe(true);
      collected += contents.length - tenant.chunks.size;
    }
    expect(collected).toBeGreaterThan(seeds.length);
  });

  const defects: Readonly<Record<string, Spoil>> = {
    'references are asked for before holds': (ground) => {
      let early: ReadonlySet<Digest> = new Set();
      return {
        ...ground,
        listDue: async (...page) => {
          early = await ground.findReferenced(contents);
          return ground.listDue(...page);
        },
        findReferenced: () => Promise.resolve(early),
      };
    },
    'nobody asks a second time': (ground) => ({ ...ground, findReferenced: async () => new Set() }),
    'any condemnation will do': (ground, tenant) => ({
      ...ground,
      remove: (condemned) => ground.remove(condemned.map(({ digest }) => ({ digest, mark: tenant.chunks.get(digest)?.mark ?? '' }))),
    }),
    'a pack goes before its chunks have moved': (ground) => ({
      ...ground,
      copy: async (places) => {
        const copied = await ground.copy(places);
        await ground.discard(places.map(({ packId }) => packId));
        return copied;
      },
    }),
  };
  test.each(Object.keys(defects))('finds it when %s', async (name) => {
    expect(await firstToFail(defects[name])).toBeDefined();
  });
});
