// `npm run release`: ends this version and begins the next one.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseCommandLine, runMain, UsageError } from '@driftbox/command-line';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { buildImages } from './build-images.ts';
import { installedImages } from './catalogue.ts';
import { keepRelease } from './keep-release.ts';
import { recipeOf } from './recipes.ts';

const run = promisify(execFile);
const usage = `npm run release -- NEXT

Builds the images of this commit, keeps their digests and its charts in charts/released, from where the next version upgrades, gives the
changes their day, and makes this checkout one of the version NEXT. Prints the rest: what to commit, tag and push.

Example: npm run release -- 0.3.0`;

async function main(args: readonly string[]): Promise<number> {
  const [next, ...more] = parseCommandLine({ args, allowPositionals: true }).positionals;
  if (next === undefined || more.length > 0) throw new UsageError('say which version is next, and nothing else');
  const git = async (...asked: readonly string[]) => (await run('git', asked, { cwd: projectFolder })).stdout.trim();
  if ((await git('status', '--porcelain')) !== '') throw new Error('a release is made of a commit: commit or take back what is changed');
  const [version, commit] = [await projectVersion(), await git('rev-parse', 'HEAD')];
  const images = await buildImages(installedImages.map(recipeOf), {
    out: path.join(projectFolder, '.cache/images'),
    registry: 'localhost',
    report: (line) => void process.stderr.write(`${line.slice(0, 160)}\n`),
    onImage: ({ reference, digest }) => console.log(`${reference}  ${digest}`),
  });
  const digests = Object.fromEntries(installedImages.map((name, index) => [name, images[index]!.digest]));
  await keepRelease(digests, { next, day: new Date().toISOString().slice(0, 10) });
  console.log(`npm run generate
git add -A && git commit -m 'release: ${version}'
git tag v${version} ${commit}
git push origin HEAD v${version}`);
  return 0;
}

await runMain({ name: 'release', usage, main });
