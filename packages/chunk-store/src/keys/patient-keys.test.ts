import { describe, expect, test } from '@jest/globals';
import { StoreError } from '../store-error.ts';
import { newKey } from '../testing/pack-fixture.ts';
import { mostRewraps, type KeyManager, type WrappedKey } from './key-manager.ts';
import { patientKeys } from './patient-keys.ts';
import { rewrapEach } from './rewrap-each.ts';

const key = newKey();
const wrapped: WrappedKey = { keyGeneration: 1, bytes: Buffer.from('wrapped') };
const away = new StoreError('unavailable', 'away');

/** A manager that fails so many times before it answers, and how often it was asked. */
function failing(times: number, error: Error = away) {
  const counting = { asked: 0 };
  const answering =
    <T>(answer: T) =>
    async (): Promise<T> => {
      counting.asked += 1;
      if (counting.asked <= times) throw error;
      return answer;
    };
  const manager: KeyManager = {
    place: 'a place',
    generations: answering({ current: 1, usable: [1] }),
    wrap: answering(wrapped),
    unwrap: answering(key),
    rewrap: answering([wrapped]),
    rotate: answering(2),
    retire: answering(undefined),
  };
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waits.push(ms);
  return { counting, waits, patient: patientKeys(manager, { sleep, random: () => 1, now: () => 0 }) };
}

const calls: Readonly<Record<string, { readonly call: (manager: KeyManager) => Promise<unknown>; readonly answer: unknown }>> = {
  generations: { call: (manager) => manager.generations(), answer: { current: 1, usable: [1] } },
  wrap: { call: (manager) => manager.wrap(key), answer: wrapped },
  unwrap: { call: (manager) => manager.unwrap(key, wrapped), answer: key },
  rewrap: { call: (manager) => manager.rewrap([{ of: key, wrapped }]), answer: [wrapped] },
};

describe('patient keys', () => {
  test.each(Object.entries(calls))('%s is asked for four times, longer apart each time', async (_name, { call, answer }) => {
    const three = failing(3);
    expect(three.patient.place).toBe('a place');
    expect(await call(three.patient)).toEqual(answer);
    expect(three.waits).toEqual([100, 200, 400]);
    const four = failing(4);
    await expect(call(four.patient)).rejects.toBe(away);
    expect(four.counting.asked).toBe(4);
  });

  test.each(Object.entries(calls))('%s is not asked for again where that cannot help', async (_name, { call }) => {
    const lasting = new StoreError('unavailable', 'refused', { transient: false });
    for (const error of [lasting, new StoreError('corrupt', 'x'), new StoreError('not_found', 'x'), new TypeError('a mistake')]) {
      const { counting, patient } = failing(1, error);
      await expect(call(patient)).rejects.toBe(error);
      expect(counting.asked).toBe(1);
    }
  });

  test.each([
    ['a generation added', (manager: KeyManager) => manager.rotate()],
    ['a generation destroyed', (manager: KeyManager) => manager.retire(1)],
  ])('never repeat %s: a lost answer may have been a yes', async (_what, call) => {
    const { counting, patient } = failing(1);
    await expect(call(patient)).rejects.toBe(away);
    expect(counting.asked).toBe(1);
    await call(patient);
    expect(counting.asked).toBe(2);
  });
});

describe('re-wrapping one after the other', () => {
  const some = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ of: key, wrapped: { keyGeneration: n, bytes: wrapped.bytes } }));

  test('answers each in its place; what is wrong in itself is its own answer', async () => {
    const seen: number[] = [];
    const answers = await rewrapEach(some(4), async ({ wrapped: one }, index) => {
      seen.push(index);
      if (index === 1) throw new StoreError('corrupt', 'damaged');
      if (index === 2) throw new StoreError('not_found', 'retired');
      return { ...one, keyGeneration: one.keyGeneration + 10 };
    });
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(answers).toMatchObject([{ keyGeneration: 10 }, { kind: 'corrupt' }, { kind: 'not_found' }, { keyGeneration: 13 }]);
  });

  test.each([away, new TypeError('a mistake')])('ends with what is not wrong of one: %s', async (error) => {
    let asked = 0;
    const ended = rewrapEach(some(5), async ({ wrapped: one }) => {
      asked += 1;
      return asked === 3 ? Promise.reject(error) : one;
    });
    await expect(ended).rejects.toBe(error);
    expect(asked).toBe(3);
  });

  test('takes a hundred at once and not one more, nor begins with them', async () => {
    let asked = 0;
    const one = async (): Promise<WrappedKey> => ((asked += 1), wrapped);
    expect(await rewrapEach(some(mostRewraps), one)).toHaveLength(mostRewraps);
    await expect(rewrapEach(some(mostRewraps + 1), one)).rejects.toThrow('at most 100');
    expect(asked).toBe(mostRewraps);
    expect(await rewrapEach([], one)).toEqual([]);
  });
});
