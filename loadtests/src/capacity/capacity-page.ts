import type { KeptReport } from '../kept-reports.ts';
import { ownParts } from '../part-name.ts';
import { assumptions, type Assumptions } from './assumptions.ts';
import { changeAssumptions, namedAssumptions } from './change-assumptions.ts';
import { computeCapacity, type Capacity, type Measured } from './compute-capacity.ts';

/** Whether costs were measured and kept, without which there is no such page. */
export function hasCosts(kept: readonly KeptReport[]): boolean {
  return kept.some(({ report }) => report.observed.costs !== undefined);
}

/** The newest measurement of costs among reports that are kept, newest version first. Throws where there is none. */
export function measuredOf(kept: readonly KeptReport[]): { readonly version: string; readonly where: string } & Measured {
  const found = kept.find(({ report }) => report.observed.costs !== undefined);
  if (found === undefined) throw new Error('no costs are kept: npm run load -- cost --target stack --json FILE, then keep FILE');
  const { version, report } = found;
  const { costs = [], samples } = report.observed;
  const last = Object.entries(samples.at(-1)?.parts ?? {});
  const memoryBytes = Object.fromEntries(
    last.map(([part, usage]) => [part, ownParts.includes(part) ? usage.memoryBytes / usage.processes : usage.memoryBytes]),
  );
  return { version, where: `${report.target}, ${report.machine}`, costs, memoryBytes };
}

/** docs/capacity.md; with `changes`, each as `users=200000`, the same for other assumptions. Throws `Unusable` where one is none. */
export function capacityPage(kept: readonly KeptReport[], changes: readonly string[] = []): string {
  const given = changeAssumptions(assumptions, changes);
  const measured = measuredOf(kept);
  const capacity = computeCapacity(given, measured);
  return `${[
    '# Capacity',
    '',
    'Made by `npm run load -- capacity` from `loadtests/src/capacity/assumptions.ts`, and from what one of each operation was measured',
    `to cost ([load](load.md), profile cost, ${measured.version}, ${measured.where}); do not edit.`,
    'Prices are left to whoever has them.',
    '',
    ...(changes.length === 0 ? [] : [`Other than there: ${changes.map((change) => `\`${change}\``).join(', ')}.`, '']),
    ...answer(given, capacity),
    ...costTable(measured),
    ...partTable(capacity),
    ...inputTable(given),
    '## What it does not say',
    'Costs were taken with every part on one machine: a network between them adds, a larger cache takes away. What PostgreSQL forces to',
    'disk counts here as CPU time alone; its disk must do as many forced writes a second as there are uploads in a cell. One primary',
    'serves a cell: where its cores are more than a machine has, `usersPerCell` is too high. Background work on the pool is paced',
    'by `DRIFTBOX_UPKEEP_BYTES_PER_SECOND` and comes on top.',
  ].join('\n')}\n`;
}

function answer({ users, usersPerCell }: Assumptions, capacity: Capacity): string[] {
  const { cells, coresOfCell, memoryOfCell, poolBytes, databaseBytes, eventBytes, sockets, inPerSecond, outPerSecond } = capacity;
  const rows: readonly (readonly [string, string, string])[] = [
    ['cells', count(cells), '1'],
    ['cores', rate(cells * coresOfCell), coresOfCell.toFixed(1)],
    ['memory of processes, without caches', bytes(cells * memoryOfCell), bytes(memoryOfCell)],
    ['pool, on disks', bytes(poolBytes), bytes(poolBytes / cells)],
    ['databases, all copies', bytes(databaseBytes), bytes(databaseBytes / cells)],
    ['events, all copies', bytes(eventBytes), bytes(eventBytes / cells)],
    ['open sockets', count(sockets), count(sockets / cells)],
    ['content in, a second', bytes(inPerSecond), bytes(inPerSecond / cells)],
    ['content out, a second', bytes(outPerSecond), bytes(outPerSecond / cells)],
  ];
  return [
    `## ${count(users)} users, at most ${count(usersPerCell)} in a cell`,
    '| at the peak | all | one cell |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ];
}

function costTable({ costs }: Measured): string[] {
  const parts = [...new Set(costs.flatMap(({ cpuMs }) => Object.keys(cpuMs)))].toSorted();
  return [
    '## Measured: CPU milliseconds of one operation',
    `| operation | measured times | ${parts.join(' | ')} |`,
    `|---|---|${parts.map(() => '---|').join('')}`,
    ...costs.map(
      ({ operation, operations, cpuMs }) =>
        `| ${operation} | ${count(operations)} | ${parts.map((part) => (cpuMs[part] ?? 0).toFixed(2)).join(' | ')} |`,
    ),
    '',
  ];
}

function partTable({ parts, operations }: Capacity): string[] {
  return [
    '## One cell, part by part',
    '| part | cores | processes | memory |',
    '|---|---|---|---|',
    ...parts.map((need) => `| ${need.part} | ${need.cores.toFixed(2)} | ${need.processes} | ${bytes(need.memoryBytes)} |`),
    '',
    `Operations a second at the peak, all cells: ${operations.map(({ name, perSecond }) => `${name} ${rate(perSecond)}`).join(', ')}.`,
    '',
  ];
}

function inputTable(given: Assumptions): string[] {
  return [
    '## Assumed',
    '| input | value |',
    '|---|---|',
    ...Object.entries(namedAssumptions(given)).map(([name, value]) => `| ${name} | ${value.toLocaleString('en')} |`),
    '',
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A few are told with a digit more: none are not the same as some. */
function rate(value: number): string {
  return value >= 10 ? count(value) : String(Number(value.toPrecision(2)));
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

function bytes(value: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${(value / 1_000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}
