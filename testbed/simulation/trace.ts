/** What happened, as a hash of all of it, and as lines if somebody wants to read them. */
export class Trace {
  readonly lines: string[] | undefined;
  #hash = 0x811c9dc5;

  constructor(keepsLines: boolean) {
    this.lines = keepsLines ? [] : undefined;
  }

  /** `more` is only worked out for readers. */
  note(nowMs: number, what: string, more?: () => string): void {
    // FNV-1a (Fowler, Noll, Vo) over time and text.
    let hash = Math.imul(this.#hash ^ (nowMs & 0xffff), 0x01000193);
    for (let at = 0; at < what.length; at += 1) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193);
    this.#hash = hash;
    if (this.lines !== undefined) this.lines.push(`${String(nowMs).padStart(9)} ${what}${more === undefined ? '' : ` ${more()}`}`);
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }
}
