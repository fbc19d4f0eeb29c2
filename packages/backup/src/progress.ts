/** How far a stage is, in chunks or rows; `total` is known for chunks alone. */
export type Progress = {
  readonly stage: 'rows' | 'contents' | 'verify' | 'compare' | 'erase';
  readonly done: number;
  readonly total?: number;
  /** Bytes read, fetched or sent in this stage so far; 0 in one that moves none. */
  readonly bytes: number;
};

/** Hears of progress. */
export type Tell = (progress: Progress) => void;
