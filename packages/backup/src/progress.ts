/** How far a stage is, in chunks or rows; `total` is known for chunks alone. */
export type Progress = {
  readonly stage: 'rows' | 'contents' | 'verify' | 'compare' | 'erase';
  readonly done: number;
  readonly total?: number;
  readonly bytes: number;
};

/** Hears of progress. */
export type Tell = (progress: Progress) => void;
