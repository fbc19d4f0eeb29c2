/** Where Helm keeps a release. */
export type ReleasePlace = { readonly namespace: string; readonly name: string };

/** A release as it is to be. */
export type Release = ReleasePlace & {
  /** The folder of the chart. */
  readonly chart: string;
  /** Digest of everything in that folder. */
  readonly chartDigest: string;
  readonly values: object;
};

/** What Helm says of a revision (`helm status`). */
export type HelmStatus =
  | 'unknown'
  | 'deployed'
  | 'uninstalled'
  | 'superseded'
  | 'failed'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback';

/** One revision of a release, as the labels of its Secret tell. */
export type Revision = {
  readonly revision: number;
  readonly status: HelmStatus;
  /** What it was made from; absent where somebody else made it. */
  readonly digest: string | undefined;
  /** True for one that was rolled back from. */
  readonly isRefused: boolean;
  /** When Helm last wrote its record, in milliseconds since the epoch. */
  readonly modifiedMs: number;
};

/** On Helm's record of a revision: digest of values and chart. */
export const digestLabel = 'driftbox.io/digest';
/** On Helm's record of a revision that did not become healthy. */
export const refusedLabel = 'driftbox.io/refused';
