import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SeededRandom } from '@driftbox/testkit';

const run = promisify(execFile);
const commits = 12;
const filesPerCommit = 60;
const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];

/** Makes a repository whose commits add, change, move and remove many files in folders. Answers their ids, the oldest first. */
export async function makeRepository(folder: string, random: SeededRandom): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const git = async (...args: string[]) => (await run('git', ['-C', folder, ...author, ...args])).stdout.trim();
  await git('init', '--quiet');
  const ids: string[] = [];
  for (let commit = 0; commit < commits; commit += 1) {
    for (let file = 0; file < filesPerCommit; file += 1) {
      const place = path.join(folder, `part-${random.integer(0, 5)}`, `layer-${random.integer(0, 3)}`, `file-${random.integer(0, 80)}.txt`);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, random.bytes(random.integer(0, 3000)).toString('base64'));
    }
    if (commit % 3 === 2) await rm(path.join(folder, `part-${random.integer(0, 5)}`), { recursive: true, force: true });
    await git('add', '--all');
    await git('commit', '--quiet', '--message', `commit ${commit}`);
    ids.push(await git('rev-parse', 'HEAD'));
  }
  return ids;
}
