import type { LoadReport } from './run-load.ts';
import type { Figures } from './read-summary.ts';

/** The report for a terminal. */
export function reportText(report: LoadReport): string {
  const { results, kept, passed, k6ExitCode } = report;
  const rows = [...results.routes, ...results.steps].filter(({ requests }) => requests > 0);
  return [
    summaryLine(report),
    '',
    [
      'route or step'.padEnd(16),
      ...['requests', 'a second', 'failed', 'p50 ms', 'p95 ms', 'p99 ms'].map((title) => title.padStart(9)),
    ].join(''),
    ...rows.map((row) => [row.name.padEnd(16), ...cells(row).map((cell) => cell.padStart(9))].join('')),
    '',
    ...results.verdicts.map(({ metric, bound, holds }) => `${holds ? 'holds' : 'SHORT'}  ${metric}: ${bound}`),
    `${kept.lost.length === 0 ? 'holds' : 'SHORT'}  ${keptLine(report)}`,
    ...kept.lost.slice(0, 10).map((line) => `         ${line}`),
    ...report.said.map((line) => `said: ${line}`),
    passed ? 'passed' : `failed (k6 exited with ${k6ExitCode})`,
  ].join('\n');
}

/** The report as a page; the plot, if any, lies beside it under that name. */
export function reportPage(report: LoadReport, plotFile: string | undefined): string {
  const { results, machine } = report;
  const table = (title: string, rows: readonly Figures[]): string[] => [
    `| ${title} | requests | a second | failed | p50 ms | p95 ms | p99 ms |`,
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row.name} | ${cells(row).join(' | ')} |`),
    '',
  ];
  return [
    `# Load: ${report.profile}`,
    '',
    `${summaryLine(report)} ${keptLine(report)}.`,
    `Client and server shared ${machine}; figures of another machine differ.`,
    '',
    ...table('route', results.routes),
    ...(results.steps.length > 0 ? table('step', results.steps) : []),
    ...(plotFile === undefined ? [] : [`![Latency](${plotFile})`, '']),
    '| judged | bound | verdict |',
    '|---|---|---|',
    ...results.verdicts.map(({ metric, bound, holds }) => `| \`${metric}\` | \`${bound}\` | ${holds ? 'holds' : 'short'} |`),
    '',
  ].join('\n');
}

function summaryLine({ profile, target, results }: LoadReport): string {
  const { requests, seconds, failures, missed } = results;
  const rate = `${requests} requests in ${seconds.toFixed(0)} s (${(requests / seconds).toFixed(0)}/s)`;
  return `${profile} at ${target}: ${rate}, ${failures} failed, ${missed} arrivals missed.`;
}

function keptLine({ kept }: LoadReport): string {
  return `of ${kept.acknowledged} acknowledged files ${kept.lost.length} lost, ${kept.readBack} read back and compared`;
}

function cells({ requests, perSecond, failed, p50Ms, p95Ms, p99Ms }: Figures): string[] {
  return [String(requests), perSecond.toFixed(1), `${(failed * 100).toFixed(2)} %`, ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(1))];
}
