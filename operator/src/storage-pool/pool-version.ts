import { compareVersions, type Catalogue, type CatalogueVersion } from '../catalogue.ts';

/**
 * The version that the MinIO of a pool is to be of: that of the newest cell which keeps packs there, and never one before its own, so that
 * it is upgraded after its cells and not with the operator; `known` are all of these, in any order. The newest where there are none.
 */
export function poolVersion(catalogue: Catalogue, known: readonly string[]): CatalogueVersion | undefined {
  const newest = catalogue.at(-1);
  const wanted = known.toSorted(compareVersions).at(-1) ?? newest?.version ?? '';
  return catalogue.find(({ version }) => compareVersions(version, wanted) >= 0) ?? newest;
}
