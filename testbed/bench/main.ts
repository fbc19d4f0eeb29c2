import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseCommandLine, readChoice, readNumber, runMain, UsageError } from '@driftbox/command-line';
import { trustCertificate } from '../src/trust-certificate.ts';
import { liftedRates } from '../stack/lifted-rates.ts';
import { startStack, type Stack } from '../stack/start-stack.ts';
import { NeedsOther, openBenchWorld } from './bench-world.ts';
import { performancePage } from './performance-page.ts';
import { openOperatorWorld, type OperatorWorld } from './operator/operator-world.ts';
import { judge, type OperatorRow, type Result, type Row, type RowHead, type RowOptions } from './row.ts';
import { operatorRows, rows } from './rows/index.ts';

const usage = `npm run bench [-- --only 3,6] [--json FILE] [--page FILE] [--minutes 10]

Prints the benchmark table, measured now on this machine, each row beside its baseline of the same run.
  --target T   standalone: a server for each row (the default); stack: one for all, every service twice on redundant back ends;
               small-stack: on one node of each; operator: beside an API server. A row that needs another is skipped
  --json FILE  writes the results, --page FILE the page that docs/performance.md is, with those of other targets from each --beside FILE
  --minutes N  how long an idle client is watched (row 10)
Rows: ${[...new Set([...rows, ...operatorRows].map(({ row }) => row))].join(', ')}`;

/** What is measured against. */
type Targets = { readonly stack: Stack | undefined; readonly operator: OperatorWorld | undefined };

async function run(row: Row, { stack, operator }: Targets, options: RowOptions): Promise<Result> {
  if (operator !== undefined) return judge(row, { skipped: 'measures services: --target standalone or stack' });
  const world = await openBenchWorld(stack, `row-${row.row}`);
  try {
    return judge(row, await row.measure(world, options));
  } catch (error) {
    return error instanceof NeedsOther ? judge(row, { skipped: error.message }) : failed(row, error);
  } finally {
    await world.close();
  }
}

async function runOperator(row: OperatorRow, { operator }: Targets): Promise<Result> {
  if (operator === undefined) return judge(row, { skipped: 'measures the operator: --target operator' });
  return row.measureOperator(operator).then(
    (measured) => judge(row, measured),
    (error: unknown) => failed(row, error),
  );
}

function failed({ row, name, unit, must, aim }: RowHead, error: unknown): Result {
  return { row, name, unit, must, aim, verdict: 'failed', note: error instanceof Error ? error.message : String(error) };
}

const targets = ['standalone', 'stack', 'small-stack', 'operator'] as const;

/** A stack whose tenant may ask as often as it can: what the gateway lets through by default is not what is measured. */
async function openStack(target: string): Promise<Stack | undefined> {
  if (!target.endsWith('stack')) return undefined;
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

/** The rows that are asked for. Throws `UsageError` for a number of none. */
function numbersOf(only: string | undefined): readonly number[] | undefined {
  const known = [...new Set([...rows, ...operatorRows].map(({ row }) => row))];
  const unknown = only?.split(',').find((text) => !known.includes(Number(text)));
  if (unknown !== undefined) throw new UsageError(`there is no row ${unknown}; the rows are ${known.join(', ')}`);
  return only?.split(',').map(Number);
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine({
    args,
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      page: { type: 'string' },
      beside: { type: 'string', multiple: true, default: [] },
      minutes: { type: 'string', default: '10' },
      target: { type: 'string', default: 'standalone' },
    },
  });
  const target = readChoice('--target', values.target, targets);
  const only = numbersOf(values.only);
  const minutes = readNumber('--minutes', values.minutes, { least: 0.1, most: 24 * 60, whole: false });
  const results: Result[] = [];
  const files = await Promise.all(values.beside.map((file) => readFile(file, 'utf8')));
  const beside = files.flatMap((text) => JSON.parse(text) as Result[]);
  const stack = await openStack(target);
  const operator = target === 'operator' ? await openOperatorWorld() : undefined;
  const measured = [
    ...rows.map((row) => ({ row, measure: () => run(row, { stack, operator }, { minutes }) })),
    ...operatorRows.map((row) => ({ row, measure: () => runOperator(row, { stack, operator }) })),
  ];
  try {
    for (const { measure } of measured.filter(({ row: { row } }) => only === undefined || only.includes(row))) {
      const result = await measure();
      results.push(result);
      console.log(line(result));
      if (values.page !== undefined) await writeFile(values.page, performancePage(results, machine(), beside));
      if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
    }
  } finally {
    await stack?.stop();
    await operator?.[Symbol.asyncDispose]();
  }
  return results.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

await runMain({ name: 'bench', usage, main });
