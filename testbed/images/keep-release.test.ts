import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compareVersions, readCatalogue } from '@driftbox/operator';
import { expect, test } from '@jest/globals';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { installedImages, releasedFolder } from './catalogue.ts';
import { describeRelease, turnChangelog, turnVersion } from './keep-release.ts';

const textOf = (...names: readonly string[]): Promise<string> => readFile(path.join(releasedFolder, ...names), 'utf8');

test('what was released is one version before this one, whole, and as it was', async () => {
  const catalogue = await readCatalogue(releasedFolder);
  const [{ version, images }] = catalogue as [(typeof catalogue)[number]];
  expect(catalogue.length).toBe(1);
  expect(compareVersions(version, await projectVersion())).toBeLessThan(0);
  expect(Object.keys(images).toSorted()).toEqual(installedImages.toSorted());
  expect((await readdir(releasedFolder)).toSorted()).toEqual([version, 'README.md', 'images.json']);
  for (const chart of ['driftbox-backends', 'driftbox-cell', 'driftbox-operator'])
    expect(await textOf(version, chart, 'Chart.yaml')).toContain(`name: ${chart}\n`);
  for (const chart of await readdir(path.join(releasedFolder, version)))
    expect(await textOf(version, chart, 'Chart.yaml')).toContain(`version: ${version}\nappVersion: ${version}\n`);
  // Whoever edits a released chart changes its digest.
  expect(await textOf('README.md')).toBe(await describeRelease(version));
});

test('changes are listed below the version that they came with, and those of this version first', async () => {
  const changes = await readFile(path.join(projectFolder, 'CHANGELOG.md'), 'utf8');
  const headings = [...changes.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading ?? '');
  const [now, ...before] = headings;
  expect(now).toBe(`${await projectVersion()} (unreleased)`);
  expect(before.length).toBeGreaterThan(0);
  for (const heading of before) expect(heading).toMatch(/^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/);
  const versions = headings.map((heading) => heading.split(' ')[0]!);
  expect(versions.toSorted((a, b) => compareVersions(b, a))).toEqual(versions);
  expect(new Set(versions).size).toBe(versions.length);
  const turned = turnChangelog('# C\n\n## 0.9.0 (unreleased)\n- a\n', '0.9.0', { next: '0.10.0', day: '2026-12-01' });
  expect(turned).toBe('# C\n\n## 0.10.0 (unreleased)\n\n## 0.9.0 (2026-12-01)\n- a\n');
  expect(() => turnChangelog(turned, '0.9.0', { next: '0.10.0', day: '2026-12-01' })).toThrow('has no ## 0.9.0 (unreleased)');
  expect(() => turnChangelog(turned, '0.10.0', { next: '0.11.0', day: '2026-12-02' })).toThrow('lists nothing that 0.10.0 would bring');
});

test('nothing is released where the next version is none', async () => {
  const version = await projectVersion();
  for (const next of ['0.0.1', version, 'next', '1.0'])
    await expect(turnVersion({ next, day: '2026-12-01' })).rejects.toThrow(`${next} is no version after ${version}`);
});
