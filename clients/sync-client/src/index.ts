export * from './ports/disk.ts';
export * from './ports/server.ts';
export type * from './ports/store.ts';
export type * from './ports/surroundings.ts';
