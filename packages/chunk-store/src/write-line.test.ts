import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from './memory-store.ts';
import { PackWriter } from './pack-writer.ts';
import { chunkOf, newKey, turn } from './testing/pack-fixture.ts';
import { WriteLine } from './write-line.ts';

function sealed() {
  const writer = new PackWriter(newKey());
  writer.add(chunkOf(randomBytes(10)));
  return writer.finish();
}

/** A store whose writes end, well or not, when the test says so. */
class HeldStore extends MemoryStore {
  readonly ends: ((error?: Error) => void)[] = [];

  override write(): Promise<void> {
    return new Promise((resolve, reject) => this.ends.push((error) => (error === undefined ? resolve() : reject(error))));
  }

  end(error?: Error): void {
    this.ends.shift()?.(error);
  }
}

describe('a write line', () => {
  test('writes so many at once, in order, and goes on after a failure', async () => {
    const store = new HeldStore();
    const line = new WriteLine(store, 2);
    const done: string[] = [];
    const writes = ['a', 'b', 'c', 'd'].map((name) =>
      line.write(sealed()).then(
        () => done.push(name),
        () => done.push(`${name} failed`),
      ),
    );
    await turn();
    expect(store.ends).toHaveLength(2);
    store.end(new Error('broken'));
    await turn();
    expect(done).toEqual(['a failed']);
    expect(store.ends).toHaveLength(2);
    for (let i = 0; i < 3; i += 1) {
      store.end();
      await turn();
    }
    await Promise.all(writes);
    expect(done).toEqual(['a failed', 'b', 'c', 'd']);
  });
});
