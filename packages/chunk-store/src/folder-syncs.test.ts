import { describe, expect, test } from '@jest/globals';
import { FolderSyncs } from './folder-syncs.ts';
import { defined, until } from './testing/pack-fixture.ts';

/** Syncs that end when the test says so. */
function manual() {
  const running: { readonly path: string; end(error?: Error): void }[] = [];
  const syncs = new FolderSyncs(
    (path) =>
      new Promise((resolve, reject) => {
        running.push({ path, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  );
  return { syncs, running };
}

describe('folder syncs', () => {
  test('who comes while one runs waits for the next, together', async () => {
    const { syncs, running } = manual();
    const first = syncs.sync('a');
    const later = [syncs.sync('a'), syncs.sync('a'), syncs.sync('a')];
    expect(running).toHaveLength(1);
    defined(running[0]).end();
    await first;
    await until(() => running.length === 2);
    expect(running).toHaveLength(2);
    defined(running[1]).end();
    await Promise.all(later);
  });

  test('of different folders do not wait for each other', () => {
    const { syncs, running } = manual();
    void syncs.sync('a');
    void syncs.sync('b');
    expect(running.map(({ path }) => path)).toEqual(['a', 'b']);
  });

  test('a failure is told to those it served, and not to the next', async () => {
    const { syncs, running } = manual();
    const [first, second] = [syncs.sync('a'), syncs.sync('a')];
    defined(running[0]).end(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await until(() => running.length === 2);
    defined(running[1]).end();
    await second;
  });
});
