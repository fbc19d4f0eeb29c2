/** What a client remembers cannot be read: its file is damaged, or is none of ours. */
export class StoreDamaged extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`what DriftBox remembers in ${file} is damaged`, { cause });
    this.name = 'StoreDamaged';
    this.file = file;
  }
}

/** What a client remembers was written by a newer DriftBox. */
export class StoreTooNew extends Error {
  constructor(file: string, format: number) {
    super(`${file} has format ${format}, written by a newer DriftBox: update this one`);
    this.name = 'StoreTooNew';
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html). */
const damage = new Set([11, 26]);

/** True for what SQLite throws when a file is not what it wrote. */
export function isDamage(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  // The low byte is the kind, whatever the detail above it.
  return typeof code === 'number' && damage.has(code & 0xff);
}
