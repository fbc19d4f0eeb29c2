import { describeStore } from '../conformance.ts';
import { MemoryStore } from './memory-store.ts';

describeStore('a store in memory', () => {
  const store = new MemoryStore();
  return { store, restart: () => store };
});
