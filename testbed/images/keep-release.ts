import { readFile, rm, writeFile } from 'node:fs/promises';
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

/**
 * Puts the version of this checkout, whose images were `built`, in the place of the release before: its charts and digests, which the next
 * version upgrades from. Then this checkout is of the next version. Throws, before anything is changed, where that is none.
 */
export async function keepRelease(built: Digests, { next, day }: Turn): Promise<void> {
  const version = await projectVersion();
  if (!/^\d+\.\d+\.\d+$/.test(next) || compareVersions(next, version) <= 0) throw new Error(`${next} is no version after ${version}`);
  const [changes, manifest] = await Promise.all(['CHANGELOG.md', 'package.json'].map(textOf));
  const turned = turnChangelog(changes!, version, { next, day });
  await rm(releasedFolder, { recursive: true, force: true });
  await putCatalogue(releasedFolder, version, built);
  await putChart(path.join(projectFolder, 'charts/driftbox-operator'), path.join(releasedFolder, version, 'driftbox-operator'));
  await writeFile(path.join(releasedFolder, 'README.md'), await describeRelease(version));
  await writeFile(path.join(projectFolder, 'CHANGELOG.md'), turned);
  await writeFile(path.join(projectFolder, 'package.json'), manifest!.replace(`"version": "${version}"`, `"version": "${next}"`));
}

function textOf(file: string): Promise<string> {
  return readFile(path.join(projectFolder, file), 'utf8');
}

/** The list of what is not released yet gets its day, and an empty one stands before it. Throws where there is none. */
export function turnChangelog(text: string, version: string, { next, day }: Turn): string {
  const heading = `## ${version} (unreleased)\n`;
  if (!text.includes(heading)) throw new Error(`CHANGELOG.md has no ${heading.trim()}`);
  return text.replace(heading, `## ${next} (unreleased)\n\n## ${version} (${day})\n`);
}

/** Says what a release consists of, so that a change to it is seen. */
export async function describeRelease(version: string): Promise<string> {
  const rows = await Promise.all(
    charts.map(async (chart) => `| \`${chart}\` | \`${await chartDigest(path.join(releasedFolder, version, chart))}\` |`),
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
