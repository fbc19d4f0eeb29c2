/** An object of the API is at most a few megabytes. */
const longestLine = 32 * 2 ** 20;

/** Cuts a stream of text into lines, wherever the pieces end. */
export class LineSplitter {
  #rest: string[] = [];
  #restLength = 0;

  /** The lines that `piece` completes, without their ends; empty ones are left out. Throws where a line is too long to be one. */
  push(piece: string): string[] {
    const end = piece.lastIndexOf('\n');
    if (end === -1) {
      this.#keep(piece);
      return [];
    }
    const text = this.#rest.join('') + piece.slice(0, end);
    this.#rest = [];
    this.#restLength = 0;
    this.#keep(piece.slice(end + 1));
    return text.split('\n').filter((line) => line.trim() !== '');
  }

  /** True while a line has begun and not ended. */
  get isWithinLine(): boolean {
    return this.#restLength > 0;
  }

  #keep(piece: string): void {
    if (piece === '') return;
    this.#rest.push(piece);
    this.#restLength += piece.length;
    if (this.#restLength > longestLine) throw new Error(`a line of more than ${longestLine} characters`);
  }
}
