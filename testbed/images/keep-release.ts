import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chartDigest, compareVersions } from '@driftbox/operator';
import type { ChartName } from '../charts/render-chart.ts';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { putCatalogue, putChart, releasedFolder } from './catalogue.ts';
import type { Digests } from './image-recipe.ts';

const charts: readonly ChartName[] = ['driftbox-backends', 'driftbox-cell', 'driftbox-operator'];

/** What is next, and the day of the release as in `2026-11-30`. */
export type Turn = { readonly next: string; readonly day: string };

/** What becomes of the files that say which version a checkout is. */
export type Turned = { readonly version: string; readonly changes: string; readonly manifest: string };

/** Ends the version of this checkout and begins the next one, in words alone. Throws where that is none, or nothing has changed since. */
export async function turnVersion({ next, day }: Turn): Promise<Turned> {
  const version = await projectVersion();
  if (!/^\d+\.\d+\.\d+$/.test(next) || compareVersions(next, version) <= 0) throw new Error(`${next} is no version after ${version}`);
  const textOf = (file: string): Promise<string> => readFile(path.join(projectFolder, file), 'utf8');
  const changes = turnChangelog(await textOf('CHANGELOG.md'), version, { next, day });
  const manifest = (await textOf('package.json')).replace(`"version": "${version}"`, `"version": "${next}"`);
  return { version, changes, manifest };
}

/**
 * Puts the version of this checkout, whose images were `built`, in the place of the release before: its charts and digests, which the next
 * version upgrades from. Then this checkout is of the next version. Where it throws, what was there is there.
 */
export async function keepRelease(built: Digests, { version, changes, manifest }: Turned): Promise<void> {
  const folder = `${releasedFolder}.new`;
  try {
    await rm(folder, { recursive: true, force: true });
    await putCatalogue(folder, version, built);
    await putChart(path.join(projectFolder, 'charts/driftbox-operator'), path.join(folder, version, 'driftbox-operator'));
    await writeFile(path.join(folder, 'README.md'), await describeRelease(version, folder));
    await rm(releasedFolder, { recursive: true });
    await rename(folder, releasedFolder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await writeFile(path.join(projectFolder, 'CHANGELOG.md'), changes);
  await writeFile(path.join(projectFolder, 'package.json'), manifest);
}

/** The list of what is not released yet gets its day, and an empty one stands before it. Throws where there is none, or nothing in it. */
export function turnChangelog(text: string, version: string, { next, day }: Turn): string {
  const heading = `## ${version} (unreleased)\n`;
  if (!text.includes(heading)) throw new Error(`CHANGELOG.md has no ${heading.trim()}`);
  if (!text.includes(`${heading}- `)) throw new Error(`CHANGELOG.md lists nothing that ${version} would bring`);
  return text.replace(heading, `## ${next} (unreleased)\n\n## ${version} (${day})\n`);
}

/** Says what the release in a folder consists of, so that a change to it is seen. */
export async function describeRelease(version: string, folder = releasedFolder): Promise<string> {
  const rows = await Promise.all(
    charts.map(async (chart) => `| \`${chart}\` | \`${await chartDigest(path.join(folder, version, chart))}\` |`),
  );
  return `# Release ${version}

The charts of the release before this version, and the digests of its images: what \`npm run release\` left of the commit that is
tagged \`v${version}\`, and nobody edits. An operator has them beside its own (\`npm run images\`), and tests upgrade from them to the
charts of today.

| chart | SHA-256 over its files |
|---|---|
${rows.join('\n')}

\`images.json\` has the digests as the release was built; images that are built on another system have others
(\`npm run images -- --previous\`).
`;
}
