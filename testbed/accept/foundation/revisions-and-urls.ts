import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '@driftbox/testkit';
import type { World } from '../../src/world.ts';
import type { Point } from '../point.ts';
import { inWorld } from '../in-world.ts';

const run = promisify(execFile);

/** What curl got: its status code, then the body. */
async function curl(url: string, ...options: string[]): Promise<{ status: string; body: string }> {
  const { stdout } = await run('curl', ['-s', '-w', '\n%{http_code}', ...options, url]);
  const end = stdout.lastIndexOf('\n');
  return { status: stdout.slice(end + 1), body: stdout.slice(0, end) };
}

async function restored(world: World, file: string): Promise<boolean> {
  await world.cli.must('restore', '/notes.txt', '--rev', '1');
  await world.cli.must('get', '/notes.txt', `${file}.restored`);
  return (await readFile(`${file}.restored`, 'utf8')) === 'first\n'.repeat(1000);
}

/** Old revisions come back byte for byte; a signed URL needs nothing else and ends when it says. */
export const revisionsAndUrls: Point = {
  number: 4,
  promise: 'a restored revision is identical; a signed URL works with curl, honours Range, stops at its expiry',
  show: () =>
    inWorld(async (world) => {
      const file = path.join(world.folder, 'notes.txt');
      for (const text of ['first\n', 'second\n', 'third\n']) {
        await writeFile(file, text.repeat(1000));
        await world.cli.must('put', file, '/notes.txt');
      }
      const identical = await restored(world, file);
      const { url } = JSON.parse(await world.cli.must('url', '/notes.txt', '--expires', '5s', '--json')) as { url: string };
      const whole = await curl(url);
      const range = await curl(url, '-H', 'Range: bytes=0-4');
      let last = '';
      await waitFor(async () => (last = (await curl(url)).status) === '404', { deadlineMs: 15_000 });
      const holds =
        identical &&
        whole.status === '200' &&
        whole.body.length === 6000 &&
        range.status === '206' &&
        range.body === 'first' &&
        last === '404';
      const figure = [
        `restored identical: ${identical}`,
        `curl ${whole.status} with ${whole.body.length} B`,
        `range ${range.status} '${range.body}'`,
        `after expiry ${last}`,
      ].join('; ');
      return { holds, figure };
    }),
};
