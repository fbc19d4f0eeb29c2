import type { Result } from './row.ts';

const head = `# Performance

Made by \`npm run bench -- --page docs/performance.md --beside FILE\`, after \`npm run bench -- --target stack --json FILE\`;
do not edit. Every ratio is to a baseline of the same run, taken in turns with it; figures are medians. \`aim\`: reaches the aim;
\`must\`: reaches what it must; \`short\`: does not. On another machine the figures differ; the ratios should not by much. What a whole
stack bears is in [load.md](load.md).
`;

function cell(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

const onStack = `## On a stack

The same for rows that are also measured on \`npm run stack\`: every service twice behind a gateway with TLS, on a PostgreSQL with a
synchronous standby, three Kafka brokers, four MinIO nodes and Redis. All of them, the clients and the baseline share the processors of
one machine, so the ratio shows what the parts cost together more than what any of them bears where it has a machine of its own.
`;

/**
 * The page with one table line per result, and a second table of those on a stack, if any. `machine` is one line on where it was
 * measured.
 */
export function performancePage(results: readonly Result[], machine: string, stack: readonly Result[] = []): string {
  const beside = stack.length === 0 ? '' : `\n${onStack}\n${tableOf(stack)}\n`;
  return `${head}\nMeasured on ${machine}.\n\n${tableOf(results)}\n${beside}`;
}

function tableOf(results: readonly Result[]): string {
  const lines = results.map((result) => {
    const { row, name, unit, value, min, max, baseline, ratio, must, aim, verdict, note = '' } = result;
    const spread = value === undefined ? '' : `${cell(value)} ${unit} (${cell(min)} to ${cell(max)})`;
    return `| ${row} | ${name} | ${spread} | ${cell(baseline)} | ${ratio?.toFixed(2) ?? ''} | ${must} | ${aim} | ${verdict} | ${note} |`;
  });
  return [
    '| # | what | measured | baseline | ratio | must | aim | verdict | note |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
