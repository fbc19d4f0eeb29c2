import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { projectFolder } from '../src/standalone-process.ts';
import type { Shown } from './point.ts';

/** What a point gave when it was shown last: on which commit, when (ISO 8601), and how long it took. */
export type Kept = Shown & { readonly commit: string; readonly at: string; readonly seconds: number };

/** What the points of a capability gave, by their labels. */
export type Results = Record<string, Kept>;

/** The commit checked out, marked when the work tree differs from it. */
export function currentCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '-modified');
}

/** Where results are kept, and what else a point leaves for people. */
export function acceptFolder(): string {
  return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'driftbox', 'accept');
}

/** What is kept of a capability; nothing where none of it was shown on this machine. */
export function readResults(capability: string): Results {
  const text = readIfThere(fileOf(capability));
  return text === undefined ? {} : (JSON.parse(text) as Results);
}

/** Keeps the result of one point beside those of the others. */
export function keepResult(capability: string, label: string, kept: Kept): void {
  const file = fileOf(capability);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ ...readResults(capability), [label]: kept }, null, 2));
  renameSync(`${file}.new`, file);
}

function fileOf(capability: string): string {
  return path.join(acceptFolder(), `${capability}-points.json`);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
