import type { Digest } from '@driftbox/domain';
import { readObjects, type BackupIndex } from './backup-index.ts';
import type { Destination } from './destination.ts';
import type { Manifest } from './manifest.ts';
import type { ObjectWriter } from './object-writer.ts';

const digestBytes = 32;
const digestsOfPiece = 65_536;

/** Gathers digests into pieces of a manifest. */
export class ContentPieces {
  readonly #writer: ObjectWriter;
  readonly #pieces: Digest[] = [];
  #open: Digest[] = [];
  #count = 0;

  constructor(writer: ObjectWriter) {
    this.#writer = writer;
  }

  async add(digests: readonly Digest[]): Promise<void> {
    this.#open.push(...digests);
    this.#count += digests.length;
    while (this.#open.length >= digestsOfPiece) await this.#cut();
  }

  async finish(): Promise<Manifest['contents']> {
    if (this.#open.length > 0) await this.#cut();
    return { pieces: this.#pieces, count: this.#count };
  }

  async #cut(): Promise<void> {
    const piece = this.#open.slice(0, digestsOfPiece);
    this.#open = this.#open.slice(digestsOfPiece);
    this.#pieces.push(await this.#writer.addPlain(Buffer.from(piece.join(''), 'hex')));
  }
}

/** The digests of all chunks of a point, some at a time. Throws `BackupDamaged`. */
export async function* readContentDigests(destination: Destination, index: BackupIndex, { contents }: Manifest): AsyncGenerator<Digest[]> {
  for await (const piece of readObjects(destination, index, contents.pieces)) {
    const hex = Buffer.from(piece).toString('hex');
    yield Array.from({ length: piece.length / digestBytes }, (_, n) => hex.slice(2 * digestBytes * n, 2 * digestBytes * (n + 1)) as Digest);
  }
}
