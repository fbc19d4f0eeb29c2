import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { Deed } from './deed.ts';
import type { StateFolder } from './state-folder.ts';

/** A deed and when it was done, RFC 3339. */
export type LoggedDeed = Deed & { readonly at: string };

const file = 'log.jsonl';
/** When the log has grown to this it becomes the older one, and the one before that is dropped. */
const turnedBytes = 4 * 2 ** 20;

/** Keeps what was done, newest last, within two files of a bounded size. */
export function createLog(state: StateFolder): (deed: Deed) => void {
  let bytes = existsSync(state.file(file)) ? statSync(state.file(file)).size : 0;
  return (deed) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...deed })}\n`;
    if (bytes > turnedBytes) {
      renameSync(state.file(file), state.file(`${file}.old`));
      bytes = 0;
    }
    appendFileSync(state.file(file), line, { mode: 0o600 });
    bytes += line.length;
  };
}

/** The newest `count` deeds, oldest first. A line that was cut off by a crash is left out. */
export function readLog(state: StateFolder, count: number): LoggedDeed[] {
  const lines = [`${file}.old`, file].flatMap((name) =>
    existsSync(state.file(name)) ? readFileSync(state.file(name), 'utf8').split('\n') : [],
  );
  const deeds: LoggedDeed[] = [];
  for (const line of lines.filter((text) => text !== '').slice(-count)) {
    try {
      deeds.push(JSON.parse(line) as LoggedDeed);
    } catch {
      // Cut off.
    }
  }
  return deeds;
}
