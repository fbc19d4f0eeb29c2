import type { Result } from './row.ts';

const head = `# Performance

Made by \`npm run bench -- --json FILE --page docs/performance.md\`; do not edit. Every ratio is to a baseline of the same run, taken in
turns with it; figures are medians. \`aim\`: reaches the aim; \`must\`: reaches what it must; \`short\`: does not. On another machine the
figures differ; the ratios should not by much. What a whole stack bears is in [load.md](load.md).
`;

function cell(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** The page with one table line per result. `machine` is one line on where it was measured. */
export function performancePage(results: readonly Result[], machine: string): string {
  const lines = results.map((result) => {
    const { row, name, unit, value, min, max, baseline, ratio, must, aim, verdict, note = '' } = result;
    const spread = value === undefined ? '' : `${cell(value)} ${unit} (${cell(min)} to ${cell(max)})`;
    return `| ${row} | ${name} | ${spread} | ${cell(baseline)} | ${ratio?.toFixed(2) ?? ''} | ${must} | ${aim} | ${verdict} | ${note} |`;
  });
  const table = [
    '| # | what | measured | baseline | ratio | must | aim | verdict | note |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ];
  return `${head}\nMeasured on ${machine}.\n\n${table.join('\n')}\n`;
}
