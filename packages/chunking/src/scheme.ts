/**
 * Where a file may be cut. A file records the id of the scheme that cut it, so that the numbers can change one day
 * without making old chunk lists unreadable.
 *
 * `strictMask` holds until `normalBytes`, `looseMask` after it (normalised chunking: sizes gather around the target).
 * Both select the top bits of the hash, which the 32 bytes before a cut decide.
 */
export type Scheme = {
  readonly id: string;
  /** No chunk but a file's last is smaller. */
  readonly minBytes: number;
  /** Where the loose mask begins; chosen so that the mean size on random data is the 4 MiB of the scheme's name. */
  readonly normalBytes: number;
  /** No chunk is larger. */
  readonly maxBytes: number;
  readonly strictMask: number;
  readonly looseMask: number;
};

const mebibyte = 1 << 20;

/** Bytes that still influence the 32-bit gear hash: the hash is warmed over this many before the first possible cut. */
export const windowBytes = 32;

/** The scheme that new files are cut with. */
export const defaultScheme: Scheme = Object.freeze({
  id: 'fastcdc-1m-4m-8m-v1',
  minBytes: mebibyte,
  normalBytes: 3.25 * mebibyte,
  maxBytes: 8 * mebibyte,
  strictMask: 0xffffff00 | 0,
  looseMask: 0xfffff000 | 0,
});

const schemes: ReadonlyMap<string, Scheme> = new Map([[defaultScheme.id, defaultScheme]]);

/** Answers the scheme of that id, or `undefined` for one that this version does not know. */
export function findScheme(id: string): Scheme | undefined {
  return schemes.get(id);
}

/** The most plain bytes that any chunk may hold, whatever its scheme. */
export const maxChunkBytes: number = 8 * mebibyte;
