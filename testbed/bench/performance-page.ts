import type { Result } from './row.ts';

const head = `# Performance

Made by \`npm run bench -- --page docs/performance.md --beside FILE --beside FILE\`, after \`npm run bench -- --target T --json FILE\`
for the targets stack and operator; do not edit. Every ratio is to a baseline of the same run, taken in turns with it; figures are
medians. \`aim\`: reaches the aim; \`must\`: reaches what it must; \`short\`: does not. On another machine the figures differ; the ratios
should not by much. What a whole stack bears is in [load.md](load.md).
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

const ofOperator = `## The operator

One or two processes of it beside a real API server without nodes, with real services that stand for a cell (\`--target operator\`).
`;

/** The rows that only `--target operator` measures. */
const isOfOperator = new Set([25, 26, 27]);

/**
 * The page with one table line per result; those of other targets that are not skipped have tables of their own. `machine` is one line on
 * where it was measured.
 */
export function performancePage(results: readonly Result[], machine: string, beside: readonly Result[] = []): string {
  const measured = beside.filter(({ verdict }) => verdict !== 'skipped');
  const elsewhere = new Set(measured.map(({ row }) => row));
  const own = results.filter(({ row, verdict }) => verdict !== 'skipped' || !elsewhere.has(row));
  const parts = [
    [onStack, measured.filter(({ row }) => !isOfOperator.has(row))],
    [ofOperator, measured.filter(({ row }) => isOfOperator.has(row))],
  ] as const;
  const others = parts.flatMap(([about, table]) => (table.length === 0 ? [] : [`\n${about}\n${tableOf(table)}\n`]));
  return `${head}\nMeasured on ${machine}.\n\n${tableOf(own)}\n${others.join('')}`;
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
