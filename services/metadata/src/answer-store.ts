import { LRUCache } from 'lru-cache';

/** Keeps answers that can be made again: what was put may be gone at any moment, or never come. Neither throws. */
export type AnswerStore = {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, answer: Uint8Array): void;
};

/** Answers of this process alone, in at most so many bytes; those that were not asked for longest go first. */
export function localAnswers(maxBytes = 16 << 20): AnswerStore {
  const kept = new LRUCache<string, Uint8Array>({ maxSize: maxBytes, sizeCalculation: (answer, key) => answer.byteLength + key.length });
  return { get: (key) => Promise.resolve(kept.get(key)), put: (key, answer) => void kept.set(key, answer) };
}
