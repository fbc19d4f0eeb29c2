import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { releaseCommit } from './release-commit.ts';

test('a release is made of a commit that others have, once', async () => {
  await using folder = await temporaryFolder();
  const at = (name: string): string => path.join(folder.path, name);
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: at('here'), encoding: 'utf8', stdio: 'pipe' }).trim();
  const commit = (text: string): string =>
    git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--allow-empty', '-m', text);
  execFileSync('git', ['init', '--quiet', '--bare', at('there')]);
  execFileSync('git', ['init', '--quiet', at('here')]);
  commit('one');
  expect(await releaseCommit(at('here'), '0.2.0')).toBe(git('rev-parse', 'HEAD'));

  git('remote', 'add', 'origin', at('there'));
  await expect(releaseCommit(at('here'), '0.2.0')).rejects.toThrow('origin has not got this commit: push it first');
  git('push', '--quiet', 'origin', 'HEAD');
  expect(await releaseCommit(at('here'), '0.2.0')).toBe(git('rev-parse', 'HEAD'));
  await writeFile(at('here/new'), '');
  await expect(releaseCommit(at('here'), '0.2.0')).rejects.toThrow('commit or take back what is changed');
  git('add', '-A');
  commit('two');
  git('push', '--quiet', 'origin', 'HEAD');

  git('tag', 'v0.2.0');
  await expect(releaseCommit(at('here'), '0.2.0')).rejects.toThrow(`0.2.0 was released already, of the commit ${git('rev-parse', 'HEAD')}`);
  git('push', '--quiet', 'origin', 'v0.2.0');
  git('tag', '--delete', 'v0.2.0');
  await expect(releaseCommit(at('here'), '0.2.0')).rejects.toThrow('0.2.0 was released already: origin has v0.2.0');
  expect(await releaseCommit(at('here'), '0.2')).toBe(git('rev-parse', 'HEAD'));
  await expect(releaseCommit(folder.path, '0.2.0')).rejects.toThrow('not a git repository');
});
