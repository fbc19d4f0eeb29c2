import { inspect, parseArgs } from 'node:util';
import { backends } from './backends/index.ts';
import { durability } from './durability/index.ts';
import { foundation } from './foundation/index.ts';
import { isolation } from './isolation/index.ts';
import { observability } from './observability/index.ts';
import { platform } from './platform/index.ts';
import type { Capability, Point, Shown } from './point.ts';
import { currentCommit, readResults, writeResults } from './results-file.ts';
import { sharing } from './sharing/index.ts';
import { sync } from './sync/index.ts';

const capabilities: readonly Capability[] = [foundation, isolation, sync, sharing, backends, platform, observability, durability];

const usage = `npm run accept -- CAPABILITY [--only 1,3] [--resume]

Shows every promise of a capability: one line each with its figure and verdict. Exits with 1 if one falls short.
  --only N,M   these points only; 2 is also 2.1 and all others of it
  --resume     skip points that held already on this very commit
Capabilities: ${capabilities.map(({ name }) => name).join(', ')}`;

async function show(point: Point): Promise<Shown> {
  try {
    const startMs = performance.now();
    return await point.show((line) => console.log(`  ${seconds(startMs).padStart(5)}  ${line}`));
  } catch (error) {
    return { holds: false, figure: inspect(error) };
  }
}

function seconds(sinceMs: number): string {
  return `${Math.round((performance.now() - sinceMs) / 1000)} s`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, resume: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const capability = capabilities.find(({ name }) => name === positionals[0]);
  if (capability === undefined || values.help === true) {
    console.log(usage);
    return values.help === true ? 0 : 2;
  }
  const only = values.only?.split(',').map(Number);
  const commit = currentCommit();
  const results = values.resume === true ? readResults(capability.name, commit) : { commit, shown: {} };
  console.log(`${capability.name} at ${commit}`);
  let short = 0;
  for (const point of capability.points.filter(
    ({ number }) => only === undefined || only.includes(number) || only.includes(Math.floor(number)),
  )) {
    const startMs = performance.now();
    const kept = results.shown[point.number];
    const shown = kept?.holds === true ? kept : { ...(await show(point)), seconds: Math.round((performance.now() - startMs) / 1000) };
    results.shown[point.number] = shown;
    writeResults(capability.name, results);
    if (!shown.holds) short += 1;
    console.log(`${shown.holds ? 'holds' : 'SHORT'}  ${point.number}. ${point.promise} (${shown.seconds} s)`);
    console.log(shown.figure.replaceAll(/^/gm, '       '));
  }
  console.log(short === 0 ? 'every point shown holds' : `${short} fell short`);
  return short === 0 ? 0 : 1;
}

process.exitCode = await main();
