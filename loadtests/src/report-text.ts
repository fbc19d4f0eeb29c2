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
    ...besides(report).map(({ holds, line }) => `${holds ? 'holds' : 'SHORT'}  ${line}`),
    ...learnt(report),
    ...kept.lost.slice(0, 10).map((line) => `         ${line}`),
    ...report.said.map((line) => `said: ${line}`),
    passed ? 'passed' : `failed (k6 exited with ${k6ExitCode})`,
  ].join('\n');
}

/** The report as a page; its plots lie beside it under these names. */
export function reportPage(report: LoadReport, plotFiles: readonly string[]): string {
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
    ...learnt(report).flatMap((line) => [line, '']),
    ...table('route', results.routes),
    ...(results.steps.length > 0 ? table('step', results.steps) : []),
    ...plotFiles.flatMap((file) => [`![${file}](${file})`, '']),
    '| judged | bound | verdict |',
    '|---|---|---|',
    ...results.verdicts.map(({ metric, bound, holds }) => `| \`${metric}\` | \`${bound}\` | ${holds ? 'holds' : 'short'} |`),
    ...besides(report).map(({ holds, line }) => `| ${line} | | ${holds ? 'holds' : 'short'} |`),
    '',
  ].join('\n');
}

/** What is judged beside k6's thresholds. */
export function besides({
  restarts,
  neighbour,
  observed: { flatness = [] },
}: LoadReport): { readonly holds: boolean; readonly line: string }[] {
  const amount = (what: string, value: number): string => (what === 'memoryBytes' ? `${(value / 2 ** 20).toFixed(0)} MiB` : String(value));
  return [
    ...(restarts === undefined ? [] : [{ holds: restarts.rounds > 0, line: restartLine(restarts) }]),
    ...neighbourLines(neighbour),
    ...flatness.map(({ part, what, early, late, most, holds }) => {
      const [before, after, bound] = [early, late, Math.floor(most)].map((value) => amount(what, value));
      return { holds, line: `${what} of ${part}: ${before} in the second quarter, ${after} in the last (at most ${bound})` };
    }),
  ];
}

function neighbourLines(neighbour: LoadReport['neighbour']): { readonly holds: boolean; readonly line: string }[] {
  if (neighbour === undefined) return [];
  const { served, refused, failed, slower } = neighbour;
  const flood = `a neighbour's flood of ${served} served, ${refused} refused and ${failed} failed requests`;
  return slower.map(({ percentile, aloneMs, besideMs, most, holds }) => {
    const times = (besideMs / aloneMs).toFixed(2);
    return {
      holds,
      line: `${percentile} beside ${flood}: ${aloneMs.toFixed(1)} ms became ${besideMs.toFixed(1)} ms, ${times} times (at most ${most})`,
    };
  });
}

function restartLine({ rounds, names, failure }: NonNullable<LoadReport['restarts']>): string {
  return failure === undefined ? `all services restarted ${rounds} times meanwhile: ${names.join(', ')}` : `a restart failed: ${failure}`;
}

/** What the run is for, in sentences. */
export function learnt({ results, observed: { knee, costs = [] } }: LoadReport): string[] {
  return [
    ...hintLines(results),
    ...(knee === undefined
      ? []
      : [`The knee is at ${knee.users} users: ${knee.perSecond.toFixed(0)} requests a second, p95 ${knee.p95Ms.toFixed(0)} ms.`]),
    ...(knee === undefined ? [] : [`First to be full: ${knee.saturated}.`]),
    ...costs.map(({ operation, operations, cpuMs }) => {
      const parts = Object.entries(cpuMs).map(([part, ms]) => `${part} ${ms.toFixed(1)}`);
      return `One ${operation} costs CPU milliseconds (of ${operations}): ${parts.join(', ')}.`;
    }),
  ];
}

function hintLines({ hints }: LoadReport['results']): string[] {
  if (hints === undefined) return [];
  const { opened, lost, heard, delayP50Ms, delayP99Ms } = hints;
  return [
    ...(opened === 0 ? [] : [`Devices that only waited: ${opened} sockets opened, ${lost} lost, ${heard} hints heard.`]),
    ...(delayP50Ms === undefined || delayP99Ms === undefined
      ? []
      : [`A hint came after the answer to its commit by p50 ${delayP50Ms.toFixed(0)} ms, p99 ${delayP99Ms.toFixed(0)} ms.`]),
  ];
}

/** What came and at what rate. */
export function summaryLine({ profile, target, results }: LoadReport): string {
  const { requests, seconds, failures, missed, savedBytes = 0 } = results;
  const rate = `${requests} requests in ${seconds.toFixed(0)} s (${(requests / seconds).toFixed(0)}/s)`;
  const saved = savedBytes === 0 ? '' : `, ${(savedBytes / 1e6).toFixed(0)} MB of edited files not sent again`;
  return `${profile} at ${target}: ${rate}, ${failures} failed, ${missed} arrivals missed${saved}.`;
}

/** What became of acknowledged files. */
export function keptLine({ kept }: LoadReport): string {
  return `of ${kept.acknowledged} acknowledged files ${kept.lost.length} lost, ${kept.readBack} read back and compared`;
}

function cells({ requests, perSecond, failed, p50Ms, p95Ms, p99Ms }: Figures): string[] {
  return [String(requests), perSecond.toFixed(1), `${(failed * 100).toFixed(2)} %`, ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(1))];
}
