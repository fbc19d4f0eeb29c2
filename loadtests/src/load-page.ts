import type { KeptReport } from './kept-reports.ts';
import { plotsOf } from './report-plots.ts';
import { besides, keptLine, learnt, summaryLine } from './report-text.ts';
import type { LoadReport } from './run-load.ts';

const head = `# Load

Made by \`npm run load -- keep FILE...\` from what \`npm run load -- PROFILE --json FILE\` wrote; do not edit. All figures are in
[load/](load), by version. k6 is the judge; [loadtests](../loadtests/README.md) say what it judges and how.

**Caveats.** k6, every service and every back end share the machine, so each rate is what is left beside the load's own cost. A run that
was shorter than its profile shows that the profile works, not what it is for. Figures of another machine differ.
All load comes from one address, so the stack of a load has the rates lifted that are allowed of one address and of one tenant.
`;

/** The page of all reports that are kept. */
export function loadPage(kept: readonly KeptReport[]): string {
  const versions = [...new Set(kept.map(({ version }) => version))];
  const sections = versions.flatMap((version) => [
    `## ${version}\n`,
    ...kept.filter((one) => one.version === version).flatMap(({ report }) => sectionOf(version, report)),
  ]);
  const none = kept.length === 0 ? ['No run of this version is kept yet: `npm run accept -- observability --only 2` makes them.'] : [];
  return `${[head, ...none, ...sections].join('\n').trimEnd()}\n`;
}

function sectionOf(version: string, report: LoadReport): string[] {
  const short = [
    ...report.results.verdicts.filter(({ holds }) => !holds).map(({ metric, bound }) => `\`${metric}\`: \`${bound}\``),
    ...besides(report)
      .filter(({ holds }) => !holds)
      .map(({ line }) => line),
  ];
  const minutes = (report.results.seconds / 60).toFixed(1);
  return [
    `### ${report.profile}\n`,
    `${summaryLine(report)} ${keptLine(report)}. On ${report.machine}; ${minutes} minutes of ${report.wholeMinutes.toFixed(1)}.\n`,
    short.length === 0 ? 'Every bound held.\n' : `Fell short: ${short.join('; ')}.\n`,
    ...learnt(report).map((line) => `${line}\n`),
    ...plotsOf(report).map(({ name }) => `![${report.profile}: ${name}](load/${version}/${report.profile}.${name}.svg)\n`),
  ];
}
