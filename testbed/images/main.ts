// `npm run images`: the images of DriftBox and of its back ends, without Docker.
import path from 'node:path';
import { parseCommandLine, readChoice, runMain } from '@driftbox/command-line';
import { loadImages } from '../cluster/load-images.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { writeBundle } from './bundle.ts';
import { buildImages } from './build-images.ts';
import { recipeOf, recipes } from './recipes.ts';

const usage = `npm run images -- [NAMES] [--out FOLDER] [--registry HOST] [--load] [--json]

Builds images as OCI archives, without any container tool. Beside them it writes their digests, images.json, and the values with
which the operator's chart runs them, operator-values.json.
  NAMES              which; all of them by default
  --out FOLDER       where to; .cache/images by default
  --registry HOST    what their references begin with; localhost by default
  --previous FOLDER  what came with the operator of the release before, /opt/driftbox/catalogue of its image: cells stay on that
                     version until they are upgraded; charts/released by default
  --bundle FILE      then makes one file of all that an installation without a network takes
  --load             brings them into the cluster of npm run cluster
  --json             prints one JSON document instead of text

Images:
${recipes.map(({ name, about }) => `  ${name.padEnd(24)} ${about}`).join('\n')}

Example: npm run images -- services nginx`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      bundle: { type: 'string' },
      load: { type: 'boolean' },
      out: { type: 'string', default: path.join(projectFolder, '.cache/images') },
      previous: { type: 'string' },
      registry: { type: 'string', default: 'localhost' },
    },
  });
  const known = recipes.map(({ name }) => name);
  const wanted = positionals.length === 0 ? recipes : positionals.map((name) => recipeOf(readChoice('an image', name, known)));
  const written = await buildImages(wanted, {
    out: path.resolve(values.out),
    registry: values.registry,
    previous: values.previous,
    report: (line) => void process.stderr.write(`${line.slice(0, 160)}\n`),
    onImage: ({ reference, digest, sizeBytes }, seconds) => {
      if (values.json !== true) console.log(`${reference}  ${digest}  ${(sizeBytes / 1e6).toFixed(1)} MB  ${seconds.toFixed(1)} s`);
    },
  });
  if (values.bundle !== undefined) {
    const { sizeBytes } = await writeBundle(path.resolve(values.out), path.resolve(values.bundle));
    process.stderr.write(`${values.bundle}  ${(sizeBytes / 1e6).toFixed(1)} MB\n`);
  }
  if (values.load === true) await loadImages(written.map(({ file }) => file));
  if (values.json === true) console.log(JSON.stringify(written));
  return 0;
}

await runMain({ name: 'images', usage, main });
