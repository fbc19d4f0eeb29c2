import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { projectFolder } from '../src/standalone-process.ts';
import type { Shown } from './point.ts';

/** Results of one capability on one commit, kept so that a long run can go on where it stopped. */
export type Results = { readonly commit: string; readonly shown: Record<string, Shown & { readonly seconds: number }> };

/** The commit checked out, marked when the work tree differs from it. */
export function currentCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '-modified');
}

/** Where results are kept, and what else a point leaves for people. */
export function acceptFolder(): string {
  return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'driftbox', 'accept');
}

function fileOf(capability: string): string {
  return path.join(acceptFolder(), `${capability}.json`);
}

/** The kept results if they are of this commit, else none. */
export function readResults(capability: string, commit: string): Results {
  try {
    const kept = JSON.parse(readFileSync(fileOf(capability), 'utf8')) as Results;
    if (kept.commit === commit) return kept;
  } catch {
    // No file, or one that a killed run left half written: there is nothing to resume.
  }
  return { commit, shown: {} };
}

/** Keeps the results so far. */
export function writeResults(capability: string, results: Results): void {
  mkdirSync(path.dirname(fileOf(capability)), { recursive: true });
  writeFileSync(fileOf(capability), JSON.stringify(results, null, 2));
}
