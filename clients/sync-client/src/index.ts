export * from './ports/disk.ts';
export * from './ports/server.ts';
export type * from './ports/store.ts';
export type * from './ports/surroundings.ts';
export type { PassResult } from './pass.ts';
export { SyncLoop, type WaitingEntry } from './sync-loop.ts';
export { MemoryStore } from './memory-store/memory-store.ts';
