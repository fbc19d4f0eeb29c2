import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { trustCertificate } from '../src/trust-certificate.ts';
import { liftedRates } from '../stack/lifted-rates.ts';
import { startStack, type Stack } from '../stack/start-stack.ts';
import { NeedsOther, openBenchWorld } from './bench-world.ts';
import { performancePage } from './performance-page.ts';
import { judge, type Result, type Row, type RowOptions } from './row.ts';
import { rows } from './rows/index.ts';

const usage = `npm run bench [-- --only 3,6] [--json FILE] [--page FILE] [--minutes 10]

Prints the benchmark table, measured now on this machine, each row beside its baseline of the same run.
  --target T   a standalone server for each row (the default), or one stack for all: every service twice on redundant back ends,
               or on one node of each; a row that needs the other is skipped
  --json FILE  writes the results, --page FILE the page that docs/performance.md is, --beside FILE with those of a stack from its --json
  --minutes N  how long an idle client is watched (row 10)
Rows: ${rows.map(({ row }) => row).join(', ')}`;

async function run(row: Row, stack: Stack | undefined, options: RowOptions): Promise<Result> {
  const world = await openBenchWorld(stack, `row-${row.row}`);
  try {
    return judge(row, await row.measure(world, options));
  } catch (error) {
    if (error instanceof NeedsOther) return judge(row, { skipped: error.message });
    const { row: number, name, unit, must, aim } = row;
    return { row: number, name, unit, must, aim, verdict: 'failed', note: error instanceof Error ? error.message : String(error) };
  } finally {
    await world.close();
  }
}

const targets = ['standalone', 'stack', 'small-stack'];

/** A stack whose tenant may ask as often as it can: what the gateway lets through by default is not what is measured. */
async function openStack(target: string): Promise<Stack | undefined> {
  if (target === 'standalone') return undefined;
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const stack = await startStack({ small: target === 'small-stack', replicas: 2, ...liftedRates, report });
  await trustCertificate(stack.certificateFile);
  process.env['NODE_EXTRA_CA_CERTS'] = stack.certificateFile;
  return stack;
}

function figure(value: number | undefined): string {
  if (value === undefined) return '-';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function line(result: Result): string {
  const { row, name, unit, value, baseline, ratio, min, max, must, aim, verdict, note } = result;
  const measured = value === undefined ? '' : `${figure(value)} ${unit} (${figure(min)} to ${figure(max)})`;
  const compared = ratio === undefined ? '' : `, baseline ${figure(baseline)}, ratio ${ratio.toFixed(3)}`;
  const judged = `${verdict.padEnd(7)} ${String(row).padStart(2)}  ${name}: ${measured}${compared}; must ${must}, aim ${aim}`;
  return note === undefined ? judged : `${judged}; ${note}`;
}

function machine(): string {
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const processor = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})`;
  return `${processor}, ${memoryGiB} GiB, Node ${process.version}, client and server on the same machine`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      page: { type: 'string' },
      beside: { type: 'string' },
      minutes: { type: 'string', default: '10' },
      target: { type: 'string', default: 'standalone' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || !targets.includes(values.target)) {
    console.log(usage);
    return values.help === true ? 0 : 2;
  }
  const only = values.only?.split(',').map(Number);
  const results: Result[] = [];
  const beside = values.beside === undefined ? [] : (JSON.parse(await readFile(values.beside, 'utf8')) as Result[]);
  const stack = await openStack(values.target);
  try {
    for (const row of rows.filter(({ row: number }) => only === undefined || only.includes(number))) {
      const result = await run(row, stack, { minutes: Number(values.minutes) });
      results.push(result);
      console.log(line(result));
      if (values.page !== undefined) await writeFile(values.page, performancePage(results, machine(), beside));
      if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
    }
  } finally {
    await stack?.stop();
  }
  return results.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

process.exitCode = await main();
