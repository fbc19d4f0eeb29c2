import fs from 'node:fs';

/** Characters that are gathered before they are written, for so long at most. */
const gathered = 4_096;
const gatherMs = 1_000;
/** Most characters that wait; beyond it new lines are lost. */
const mostWaiting = 1_000_000;
/** How often a pipe that is full is tried again. */
const againMs = 100;

let lostInAll = 0;

/** Lines of all logs of this process that were lost. */
export function lostLogLines(): number {
  return lostInAll;
}

/**
 * Writes the lines of a log to a file descriptor. Where that takes no more, as on a full disk or in a pipe that nobody reads, lines are
 * lost and the process goes on: nobody is refused for want of a log. How many were lost is told by a line once it takes some again.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #least: number;
  readonly #io: Pick<typeof fs, 'write' | 'writeSync'>;
  #waiting = '';
  #lost = 0;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;

  /** `gather` is false where people wait for each line. */
  constructor(
    fd: number,
    { gather = true, io = fs }: { readonly gather?: boolean; readonly io?: Pick<typeof fs, 'write' | 'writeSync'> } = {},
  ) {
    this.#fd = fd;
    this.#io = io;
    this.#least = gather ? gathered : 1;
    process.once('exit', () => this.#end());
  }

  /** Takes lines that end with a line feed. Never throws and never waits. */
  write(lines: string): void {
    if (this.#waiting.length + lines.length > mostWaiting) {
      this.#lose(1);
      return;
    }
    this.#waiting += lines;
    if (this.#waiting.length >= this.#least) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), gatherMs).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isWriting || this.#waiting === '') return;
    this.#isWriting = true;
    const atStake = { lines: linesIn(this.#waiting), told: this.#lost };
    this.#send(Buffer.from(this.#take()), atStake);
  }

  #lose(lines: number): void {
    this.#lost += lines;
    lostInAll += lines;
  }

  #take(): string {
    const told = this.#lost === 0 ? '' : `${JSON.stringify({ level: 'warn', lost: this.#lost, msg: 'lines of this log were lost' })}\n`;
    const lines = told + this.#waiting;
    this.#waiting = '';
    this.#lost = 0;
    return lines;
  }

  /** `atStake` is how many lines are lost if it cannot be written, and of how many it would have told. */
  #send(bytes: Buffer, atStake: { readonly lines: number; readonly told: number }): void {
    this.#io.write(this.#fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.#send(bytes, atStake), againMs).unref();
      if (error === null && written < bytes.length) return this.#send(bytes.subarray(written), atStake);
      this.#isWriting = false;
      if (error !== null) {
        this.#lose(atStake.lines);
        this.#lost += atStake.told;
      }
      if (this.#waiting.length >= this.#least) this.#flush();
      return undefined;
    });
  }

  #end(): void {
    try {
      this.#io.writeSync(this.#fd, this.#take());
    } catch {
      // Then they are lost.
    }
  }
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
