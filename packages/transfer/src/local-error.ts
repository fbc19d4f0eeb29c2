/** Something on this machine that stands in the way, told in one sentence. It concerns one file; the rest can go on. */
export class LocalError extends Error {}

/** A file was written to while it was being read: told by name, and the rest goes on. */
export class FileChanged extends LocalError {
  constructor() {
    super('changed while it was being read');
  }
}
