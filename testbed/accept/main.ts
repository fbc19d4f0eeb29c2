import { inspect } from 'node:util';
import { parseCommandLine, readChoice, runMain, UsageError } from '@driftbox/command-line';
import { backends } from './backends/index.ts';
import { durability } from './durability/index.ts';
import { foundation } from './foundation/index.ts';
import { isolation } from './isolation/index.ts';
import { observability } from './observability/index.ts';
import { platform } from './platform/index.ts';
import { labelOf, type Capability, type Point, type Shown } from './point.ts';
import { currentCommit, keepResult, readResults, type Kept } from './results-file.ts';
import { sharing } from './sharing/index.ts';
import { sync } from './sync/index.ts';

const capabilities: readonly Capability[] = [foundation, isolation, sync, sharing, backends, platform, observability, durability];

const usage = `npm run accept -- CAPABILITY [--only 1,3] [--resume | --kept]

Shows every promise of a capability: one line each with its figure and verdict. Exits with 1 if one falls short.
  --only N,M   these points only; 2 is also 2.01 and all others of it
  --resume     skip points that held already on this very commit
  --kept       run nothing: print what each point gave last on this machine, and on which commit
Capabilities: ${capabilities.map(({ name }) => name).join(', ')}`;

async function show(point: Point, commit: string): Promise<Kept> {
  const startMs = performance.now();
  const shown = await point
    .show((line) => console.log(`  ${seconds(startMs).padStart(5)}  ${line}`))
    .catch((error: unknown): Shown => ({ holds: false, figure: inspect(error) }));
  return { ...shown, commit, at: new Date().toISOString(), seconds: Math.round((performance.now() - startMs) / 1000) };
}

function seconds(sinceMs: number): string {
  return `${Math.round((performance.now() - sinceMs) / 1000)} s`;
}

function print({ number, promise }: Point, kept: Kept | undefined): void {
  const label = labelOf(number);
  if (kept === undefined) return console.log(`never  ${label}. ${promise}`);
  const at = `${kept.seconds} s, at ${kept.commit} until ${kept.at.slice(0, 16)}Z`;
  console.log(`${kept.holds ? 'holds' : 'SHORT'}  ${label}. ${promise} (${at})`);
  console.log(kept.figure.replaceAll(/^/gm, '       '));
}

/** The points that are asked for: those of a number, or of a part of it. Throws `UsageError` for a number of none. */
function pointsOf({ name, points }: Capability, only: string | undefined): readonly Point[] {
  const numbers = only?.split(',').map(Number);
  const isOf = (number: number, point: Point): boolean => point.number === number || Math.floor(point.number) === number;
  const unknown = numbers?.findIndex((number) => !points.some((point) => isOf(number, point))) ?? -1;
  if (unknown >= 0) {
    const known = points.map(({ number }) => labelOf(number)).join(', ');
    throw new UsageError(`${name} has no point ${only?.split(',')[unknown]}; its points are ${known}`);
  }
  return points.filter((point) => numbers?.some((number) => isOf(number, point)) ?? true);
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: { only: { type: 'string' }, resume: { type: 'boolean' }, kept: { type: 'boolean' } },
  });
  const [wanted, more] = positionals;
  if (wanted === undefined || more !== undefined) throw new UsageError('name one capability');
  const names = capabilities.map(({ name }) => name);
  const name = readChoice('the capability', wanted, names);
  const capability = capabilities.find((one) => one.name === name) as Capability;
  const points = pointsOf(capability, values.only);
  const before = readResults(capability.name);
  const commit = currentCommit();
  console.log(`${capability.name} at ${commit}`);
  let short = 0;
  for (const point of points) {
    const last = before[labelOf(point.number)];
    const isShown = values.kept === true || (values.resume === true && last?.holds === true && last.commit === commit);
    const kept = isShown ? last : await show(point, commit);
    if (!isShown && kept !== undefined) keepResult(capability.name, labelOf(point.number), kept);
    if (kept?.holds !== true) short += 1;
    print(point, kept);
  }
  console.log(short === 0 ? 'every point shown holds' : `${short} fell short`);
  return short === 0 ? 0 : 1;
}

await runMain({ name: 'accept', usage, main });
// Connections that faults left half-open can keep Node busy for ever while it takes itself apart: the system does it at once.
process.exit();
