import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunningComponent } from '../component.ts';
import { installedFolder, isInstalled } from '../install/cache.ts';
import { faketimeProgram } from '../programs.ts';

/** A clock that can be set wrong, of the programs that run in its environment. */
export type WrongClock = {
  readonly environment: Readonly<Record<string, string>>;
  /** Within a second the time of day is off by so many milliseconds; what measures durations goes on as before. */
  set(offMs: number): Promise<void>;
};

/** Whether there can be one. */
export function canHaveWrongClock(): boolean {
  return isInstalled(faketimeProgram);
}

/** A clock that is right so far; `file` says how far it is off. */
export async function addWrongClock(file: string): Promise<WrongClock> {
  const set = async (offMs: number): Promise<void> => {
    // Read while it is written, it would be empty for a moment.
    await writeFile(`${file}.new`, `${offMs < 0 ? '-' : '+'}${Math.abs(offMs) / 1000}`);
    await rename(`${file}.new`, file);
  };
  await set(0);
  const environment = {
    LD_PRELOAD: faketimeLibrary(),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
  return { environment, set };
}

/** Where it is, once it is installed. */
export function faketimeLibrary(): string {
  return path.join(installedFolder(faketimeProgram), 'libfaketime.so.1');
}

/** libfaketime is no server: this says where it is. */
export function showFaketime(): Promise<RunningComponent> {
  return Promise.resolve({ addresses: { program: faketimeLibrary() }, pids: [], logFiles: [], stop: () => Promise.resolve() });
}
