import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { startWorld } from '../src/world.ts';
import { performancePage } from './performance-page.ts';
import { judge, type Result, type Row, type RowOptions } from './row.ts';
import { rows } from './rows/index.ts';

const usage = `npm run bench [-- --only 3,6] [--json FILE] [--page FILE] [--minutes 10]

Prints the benchmark table, measured now on this machine, each row beside its baseline of the same run.
  --json FILE  writes the results, --page FILE the page that docs/performance.md is
  --minutes N  how long an idle client is watched (row 10)
Rows: ${rows.map(({ row }) => row).join(', ')}`;

async function run(row: Row, options: RowOptions): Promise<Result> {
  const world = await startWorld({ DRIFTBOX_SIGN_UP: 'open' });
  try {
    return judge(row, await row.measure(world, options));
  } catch (error) {
    const { row: number, name, unit, must, aim } = row;
    return { row: number, name, unit, must, aim, verdict: 'failed', note: error instanceof Error ? error.message : String(error) };
  } finally {
    await world.close();
  }
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
      minutes: { type: 'string', default: '10' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const only = values.only?.split(',').map(Number);
  const results: Result[] = [];
  for (const row of rows.filter(({ row: number }) => only === undefined || only.includes(number))) {
    const result = await run(row, { minutes: Number(values.minutes) });
    results.push(result);
    console.log(line(result));
    if (values.page !== undefined) await writeFile(values.page, performancePage(results, machine()));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  return results.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

process.exitCode = await main();
