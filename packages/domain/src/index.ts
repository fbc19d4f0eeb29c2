export * from './brand.ts';
export * from './digest.ts';
export * from './ids.ts';
export * from './operation.ts';
export * from './role.ts';
