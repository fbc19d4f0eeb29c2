/** Where a command writes. People read lines; with `--json` standard output is one JSON value and nothing else. */
export type Output = {
  readonly json: boolean;
  /** True where standard error is a terminal, so that a line can be redrawn. */
  readonly terminal: boolean;
  /** The result: `value` with `--json`, otherwise the lines. */
  result(value: unknown, lines: () => Iterable<string>): void;
  /** One line on standard output, as it is. */
  line(text: string): void;
  /** A remark for people, on standard error. */
  note(line: string): void;
  /** Writes to standard error as it is, for progress. */
  draw(text: string): void;
};

type Stream = { write(text: string): unknown; readonly isTTY?: boolean };

/** An output over the process's streams, or others. */
export function createOutput(json: boolean, stdout: Stream = process.stdout, stderr: Stream = process.stderr): Output {
  return {
    json,
    terminal: stderr.isTTY === true,
    result: (value, lines) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
      else for (const line of lines()) stdout.write(`${line}\n`);
    },
    line: (text) => void stdout.write(`${text}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    draw: (text) => void stderr.write(text),
  };
}

/** Text from elsewhere made safe for a terminal: control characters, escape sequences and bidirectional overrides are shown, not obeyed. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** A moment for people: `2026-01-31 14:05:09`, by the clock of this machine. With `--json` times are as the API tells them. */
export function showTime(at: string): string {
  // The Swedish form is that of ISO 8601.
  return new Date(at).toLocaleString('sv-SE');
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes for people: `1.5 MiB`. */
export function showBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** How many for people: `1 file`, `2 files`; of a word that makes its plural otherwise with that. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
