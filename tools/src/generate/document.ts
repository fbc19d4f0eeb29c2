/** A committed file that is made from code. */
export type GeneratedDocument = {
  /** Relative to the root. */
  readonly path: string;
  /** The file's whole text, the same for the same code. */
  readonly build: () => string | Promise<string>;
};
