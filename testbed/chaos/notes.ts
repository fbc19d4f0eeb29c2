/** What was seen to be wrong, of which only so many are kept word by word. */
export type Notes = {
  add(line: string): void;
  readonly lines: readonly string[];
  readonly count: () => number;
};

const mostLines = 50;

/** Notes without a line. */
export function createNotes(): Notes {
  const lines: string[] = [];
  let count = 0;
  return {
    lines,
    count: () => count,
    add: (line) => {
      count += 1;
      if (lines.length < mostLines) lines.push(line);
    },
  };
}
