// `npm run components`: the servers that tests and a hosted DriftBox use, for people.
import path from 'node:path';
import { parseCommandLine, readChoice, runMain, UsageError } from '@driftbox/command-line';
import { findKept, startInBackground, stopInBackground } from './background.ts';
import type { Component } from './component.ts';
import { componentOf, components } from './components.ts';
import { installComponents, type InstallOutcome } from './install-components.ts';
import { installedFolder, isInstalled } from './install/cache.ts';
import { componentBySuffix, findTestFiles, suffixes } from './test-files.ts';

const usage = `npm run components -- COMMAND [NAMES] [--json]

Installs and runs the servers that tests use, each on free ports of 127.0.0.1.
  install [NAMES]    installs what they need, if it is missing; by default all of them without *
  start NAMES        starts them in the background and prints their addresses
  stop [NAMES]       stops them and removes their files; all of them by default
  status             what is installed and what runs

  --json             prints one JSON document instead of text
  --tests            with install: NAMES are patterns of test files, and what these need is installed

Components:
${components.map(({ name, about, onlyNamed }) => `  ${name.padEnd(15)} ${about}${onlyNamed ? ' *' : ''}`).join('\n')}

Example: npm run components -- start minio redis`;

type Output = { readonly json: boolean };
const say = (text: string): void => console.log(text);
const progress = (line: string): void => void process.stderr.write(`${line.slice(0, 160)}\n`);

async function install(wanted: readonly Component[], { json }: Output): Promise<number> {
  const outcomes = await installComponents(wanted, progress);
  if (json) say(JSON.stringify(outcomes));
  else for (const outcome of outcomes) say(describe(outcome));
  return outcomes.every(({ status }) => status === 'ready') ? 0 : 1;
}

function describe({ name, status, reason, seconds }: InstallOutcome): string {
  return `${name.padEnd(15)} ${status.padEnd(8)} ${seconds.toFixed(1)} s${reason === undefined ? '' : `  ${reason}`}`;
}

async function start(wanted: readonly Component[], output: Output): Promise<number> {
  const installed = await installComponents(wanted, progress);
  const short = installed.filter(({ status }) => status !== 'ready');
  if (short.length > 0) throw new Error(short.map(({ name, reason }) => `${name}: ${reason}`).join('\n'));
  const started = [];
  for (const { name } of wanted) {
    const startMs = performance.now();
    const kept = await startInBackground(name);
    started.push(kept);
    if (output.json) continue;
    say(`${name} runs (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
    for (const [what, value] of Object.entries(kept.addresses)) say(`  ${what.padEnd(14)} ${value}`);
  }
  if (output.json) say(JSON.stringify(started));
  return 0;
}

async function stop(wanted: readonly Component[], { json }: Output): Promise<number> {
  const stopped: string[] = [];
  for (const { name } of wanted) if (await stopInBackground(name)) stopped.push(name);
  say(json ? JSON.stringify(stopped) : `stopped: ${stopped.join(', ') || 'nothing ran'}`);
  return 0;
}

async function status({ json }: Output): Promise<number> {
  const rows = await Promise.all(
    components.map(async ({ name, needs }) => ({
      name,
      installed: needs.every(isInstalled),
      folders: needs.filter(isInstalled).map(installedFolder),
      missing: (await Promise.all(needs.map((one) => one.missing()))).filter((reason) => reason !== undefined),
      running: await findKept(name),
    })),
  );
  if (json) say(JSON.stringify(rows));
  else {
    for (const { name, installed, missing, running } of rows) {
      const state = installed ? 'installed' : (missing[0] ?? 'not installed');
      say(`${name.padEnd(15)} ${running === undefined ? state : `runs  ${Object.values(running.addresses).join('  ')}`}`);
    }
  }
  return 0;
}

/** The components that the test files need whose paths contain one of the patterns; of all test files if there is none. */
async function neededByTests(patterns: readonly string[]): Promise<Component[]> {
  const expressions = patterns.map((pattern) => new RegExp(pattern));
  const root = path.resolve(import.meta.dirname, '../..');
  const isSelected = (file: string): boolean => expressions.length === 0 || expressions.some((one) => one.test(file));
  const files = await findTestFiles(root, isSelected);
  return suffixes.filter((suffix) => files[suffix].length > 0).map((suffix) => componentOf(componentBySuffix[suffix]));
}

/** The components of these names. Throws `UsageError` for one of none. */
function named(names: readonly string[]): Component[] {
  const known = components.map(({ name }) => name);
  return names.map((name) => componentOf(readChoice('a component', name, known)));
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, tests: { type: 'boolean', default: false } },
  });
  const [first, ...names] = positionals;
  if (first === undefined) throw new UsageError('name a command');
  const command = readChoice('the command', first, ['install', 'start', 'stop', 'status']);
  if (values.tests && command !== 'install') throw new UsageError('--tests goes with install');
  if (command === 'status') return status(values);
  if (command === 'start' && names.length === 0) throw new UsageError('name what to start');
  const wanted = values.tests ? await neededByTests(names) : named(names);
  const isChosen = values.tests || names.length > 0;
  if (command === 'start') return start(wanted, values);
  if (command === 'stop') return stop(isChosen ? wanted : components, values);
  return install(isChosen ? wanted : components.filter(({ onlyNamed }) => !onlyNamed), values);
}

await runMain({ name: 'components', usage, main });
