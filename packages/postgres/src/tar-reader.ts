/** Takes what is in an archive, one after another: bytes are those of the last file. */
export type TarTaker = { folder(name: string): void; file(name: string): void; bytes(piece: Buffer): void };

const blockBytes = 512;

/** Reads a tar archive of files and folders as it comes, in pieces of any size (POSIX.1-1988, ustar; sizes also in base 256). */
export class TarReader {
  readonly #taker: TarTaker;
  #head = Buffer.alloc(0);
  /** Of the file that is being read, and of what fills its last block. */
  #leftBytes = 0;
  #fillBytes = 0;
  #files = 0;

  constructor(taker: TarTaker) {
    this.#taker = taker;
  }

  /** True where something was read, and the last file to its end. */
  get isWhole(): boolean {
    return this.#files > 0 && this.#leftBytes + this.#fillBytes + this.#head.length === 0;
  }

  push(piece: Buffer): void {
    for (let rest = piece; rest.length > 0;) {
      if (this.#leftBytes > 0) {
        const part = rest.subarray(0, this.#leftBytes);
        this.#taker.bytes(part);
        this.#leftBytes -= part.length;
        rest = rest.subarray(part.length);
      } else if (this.#fillBytes > 0) {
        const skipped = Math.min(this.#fillBytes, rest.length);
        this.#fillBytes -= skipped;
        rest = rest.subarray(skipped);
      } else {
        const part = rest.subarray(0, blockBytes - this.#head.length);
        this.#head = Buffer.concat([this.#head, part]);
        rest = rest.subarray(part.length);
        if (this.#head.length === blockBytes) this.#begin();
      }
    }
  }

  #begin(): void {
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    // Two blocks of nothing end an archive.
    if (head.every((byte) => byte === 0)) return;
    const text = (from: number, length: number): string => {
      const field = head.subarray(from, from + length);
      const end = field.indexOf(0);
      return field.subarray(0, end === -1 ? length : end).toString('utf8');
    };
    const prefix = text(345, 155);
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
    const kind = text(156, 1);
    this.#files += 1;
    if (kind === '5') return this.#taker.folder(name);
    if (kind !== '0' && kind !== '') throw new Error(`${name} is neither a file nor a folder`);
    const isBinary = ((head[124] ?? 0) & 0x80) !== 0;
    this.#leftBytes = isBinary ? Number(head.readBigUInt64BE(128)) : Number.parseInt(text(124, 12).trim(), 8);
    this.#fillBytes = (blockBytes - (this.#leftBytes % blockBytes)) % blockBytes;
    this.#taker.file(name);
  }
}
