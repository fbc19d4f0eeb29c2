/** What went wrong with a pack. `full` means no space or quota; `unavailable` anything of the store itself. */
export type StoreErrorKind = 'not_found' | 'corrupt' | 'unavailable' | 'full';

/** The only error that stores, wrappers and the pack codec throw for what a store or its bytes can do wrong. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** Whether the same call may succeed when it is made again soon. */
  readonly transient: boolean;

  constructor(kind: StoreErrorKind, message: string, options: { readonly transient?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.transient = options.transient ?? kind === 'unavailable';
  }
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const lastingCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

/** Turns what the file system threw into a `StoreError`; one that is a `StoreError` already stays as it is. */
export function fromSystemError(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
  const message = `${doing}: ${code}`;
  if (code === 'ENOENT') return new StoreError('not_found', message, { cause: error });
  if (fullCodes.has(code)) return new StoreError('full', message, { cause: error });
  return new StoreError('unavailable', message, { cause: error, transient: !lastingCodes.has(code) });
}
