// `npm run release`: ends this version and begins the next one.
import path from 'node:path';
import { parseCommandLine, runMain, UsageError } from '@driftbox/command-line';
import { projectFolder } from '../src/standalone-process.ts';
import { buildImages } from './build-images.ts';
import { installedImages } from './catalogue.ts';
import { keepRelease, turnVersion } from './keep-release.ts';
import { recipeOf } from './recipes.ts';
import { releaseCommit } from './release-commit.ts';

const usage = `npm run release -- NEXT [--dry-run]

Builds the images of this commit, keeps their digests and its charts in charts/released, from where the next version upgrades, gives the
changes their day, and makes this checkout one of the version NEXT. Prints the rest: what to commit, tag and push. Before it builds
anything it looks for what would stand in the way.
  --dry-run  only looks, and changes nothing

Example: npm run release -- 0.3.0`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({ args, allowPositionals: true, options: { 'dry-run': { type: 'boolean' } } });
  const [next, ...more] = positionals;
  if (next === undefined || more.length > 0) throw new UsageError('say which version is next, and nothing else');
  const turned = await turnVersion({ next, day: new Date().toISOString().slice(0, 10) });
  const commit = await releaseCommit(projectFolder, turned.version);
  if (values['dry-run'] === true) {
    console.log(`${turned.version} can be released of ${commit}, and ${next} begun`);
    return 0;
  }
  const images = await buildImages(installedImages.map(recipeOf), {
    out: path.join(projectFolder, '.cache/images'),
    registry: 'localhost',
    report: (line) => void process.stderr.write(`${line.slice(0, 160)}\n`),
    onImage: ({ reference, digest }) => console.log(`${reference}  ${digest}`),
  });
  await keepRelease(Object.fromEntries(installedImages.map((name, index) => [name, images[index]!.digest])), turned);
  console.log(`npm run generate
git add -A && git commit -m 'release: ${turned.version}'
git tag v${turned.version} ${commit}
git push --atomic origin HEAD v${turned.version}`);
  return 0;
}

await runMain({ name: 'release', usage, main });
