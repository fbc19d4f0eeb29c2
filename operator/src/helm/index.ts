export { createHelm, type HelmOptions } from './helm.ts';
export { ChartRefused } from './read-manifest.ts';
export { chartDigest } from './release-digest.ts';
export { ReleaseEngine, type ReleaseAsk, type ReleaseOutcome } from './release-engine.ts';
export type { Release } from './release.ts';
