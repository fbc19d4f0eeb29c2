// `npm run load`: real load by k6 on a DriftBox, judged by the objectives. Figures on stdout; the exit code is the verdict.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseCommandLine, readChoice, readNumber, runMain, UsageError } from '@driftbox/command-line';
import { capacityPage } from './capacity/capacity-page.ts';
import { keepReport } from './keep-report.ts';
import { keptReports } from './kept-reports.ts';
import { openTarget, Unusable } from './open-target.ts';
import { profiles, type Profile } from './profiles.ts';
import { plotsOf } from './report-plots.ts';
import { reportPage, reportText } from './report-text.ts';
import { findK6 } from './run-k6.ts';
import { runLoad, type LoadReport } from './run-load.ts';
import { projectFolder } from './start-program.ts';

const usage = `npm run load -- PROFILE [--target standalone|stack|URL] [--minutes N] [--json FILE] [--report FILE]
       npm run load -- keep FILE...
       npm run load -- capacity [ASSUMPTION=VALUE...]

Loads a DriftBox with k6 by what people do: sign-in, upload, edits, download, polling, search, sharing and links. Then looks
whether all that was acknowledged is there. Fails where an objective, a bound of the profile or a file is missed.
  --target standalone  a server of its own (the default)
  --target stack       a small stack of its own: every service as processes behind NGINX with TLS
  --target URL         a DriftBox that runs there; its tenant must let everybody sign up. The people and files stay there
  --ca FILE            with a URL: certificates in PEM that are trusted besides the system's
  --minutes N          how long, in place of the profile's own time; fractions are possible
  --json FILE          writes figures and verdicts as JSON
  --report FILE        writes them as Markdown, with plots beside it (FILE.latency.svg and more)

keep puts files that --json wrote into docs/load, in the folder of this version, and writes docs/load.md anew from all of them.
capacity writes docs/capacity.md anew, from the costs that are kept and loadtests/src/capacity/assumptions.ts. With other
assumptions it prints that page instead: npm run load -- capacity users=200000 perUserAndDay.upload=40

Profiles:
${profiles.map(({ name, about, minutes }) => `  ${name.padEnd(8)} ${about} (${Number(minutes.toFixed(1))} minutes)`).join('\n')}

Exit codes: 0 all held, 1 something did not, 2 the target cannot be used, or the command line is wrong.`;

type Command = {
  readonly profile: Profile;
  readonly target: string;
  readonly caFile: string | undefined;
  readonly minutes: number;
  readonly jsonFile: string | undefined;
  readonly reportFile: string | undefined;
};

const mostMinutes = 24 * 60;

function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: {
      target: { type: 'string', default: 'standalone' },
      ca: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'string' },
      report: { type: 'string' },
    },
  });
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new UsageError('name one profile');
  const names = profiles.map(({ name }) => name);
  const name = readChoice('the profile', first, names);
  const profile = profiles.find((one) => one.name === name) as Profile;
  const minutes =
    values.minutes === undefined
      ? profile.minutes
      : readNumber('--minutes', values.minutes, { least: 0.01, most: mostMinutes, whole: false });
  return { profile, target: values.target, caFile: values.ca, minutes, jsonFile: values.json, reportFile: values.report };
}

async function main(args: readonly string[]): Promise<number> {
  const [verb, ...files] = args;
  if (verb === 'capacity') {
    const page = capacityPage(await keptReports(), files);
    if (files.length > 0) process.stdout.write(page);
    else await writeFile(path.join(projectFolder, 'docs/capacity.md'), page);
    return 0;
  }
  if (verb === 'keep') {
    if (files.length === 0) throw new UsageError('name the files to keep, as --json wrote them');
    for (const file of files) await keepReport(file);
    return 0;
  }
  const command = readCommand(args);
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const interruption = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => interruption.abort());
  const k6Command = await findK6();
  report(`opening ${command.target}`);
  const target = await openTarget(command.target, command.caFile, command.profile.neighbour !== undefined);
  try {
    const done = await runLoad({ ...command, ...target, target: command.target, k6Command, signal: interruption.signal, report });
    await writeReports(command, done);
    console.log(reportText(done));
    return done.passed ? 0 : 1;
  } finally {
    await target.close();
  }
}

async function writeReports({ jsonFile, reportFile }: Command, report: LoadReport): Promise<void> {
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  if (reportFile === undefined) return;
  const plots = plotsOf(report);
  for (const { name, svg } of plots) await writeFile(`${reportFile}.${name}.svg`, svg);
  const names = plots.map(({ name }) => `${path.basename(reportFile)}.${name}.svg`);
  await writeFile(reportFile, reportPage(report, names));
}

await runMain({ name: 'load', usage, main, exitCodeOf: (error) => (error instanceof Unusable ? 2 : 1) });
