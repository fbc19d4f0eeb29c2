import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Names the folder of the test file that runs now: the logs of what it has started stay there if it fails. */
export const testLogsVariable = 'DRIFTBOX_TEST_LOGS';

/** Servers write their logs at most so many folders below the one they were given. */
const mostDepth = 3;
const mostFiles = 200;

/** In a test file: copies the logs of servers that worked below `folder`, before it is removed. Elsewhere: nothing. */
export async function keepTestLogs(folder: string): Promise<void> {
  const kept = process.env[testLogsVariable];
  if (kept !== undefined) await keepLogs(folder, kept);
}

/** Copies them into `kept`, under the folder's name. A log that cannot be read is left out: no cleaning up fails for it. */
export async function keepLogs(folder: string, kept: string): Promise<void> {
  for (const file of (await logsBelow(folder, mostDepth)).slice(0, mostFiles)) {
    const copy = path.join(kept, path.basename(folder), path.relative(folder, file));
    await mkdir(path.dirname(copy), { recursive: true });
    await copyFile(file, copy).catch(() => {});
  }
}

/** Kafka's data are files of that name, too; they lie in folders `NAME-data`. */
async function logsBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.log')).map(({ name }) => path.join(folder, name));
  const inner = entries.filter((entry) => depth > 0 && entry.isDirectory() && !entry.name.endsWith('-data'));
  return [...files, ...(await Promise.all(inner.map(({ name }) => logsBelow(path.join(folder, name), depth - 1)))).flat()];
}
