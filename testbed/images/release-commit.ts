import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const answersWithinMs = 60_000;

/**
 * The commit of the checkout in `folder`, of which `version` is to be released. Throws where the checkout is more than that commit, where
 * the version was released already, here or at `origin`, and where `origin` has not got the commit: others may rebase what only we have.
 */
export async function releaseCommit(folder: string, version: string): Promise<string> {
  const git = async (...args: readonly string[]) => (await run('git', args, { cwd: folder, timeout: answersWithinMs })).stdout.trim();
  if ((await git('status', '--porcelain')) !== '') throw new Error('a release is made of a commit: commit or take back what is changed');
  const tag = `v${version}`;
  if ((await git('tag', '--list', tag)) !== '')
    throw new Error(`${version} was released already, of the commit ${await git('rev-parse', tag)}`);
  if ((await git('remote')).split('\n').includes('origin')) {
    if ((await git('ls-remote', 'origin', `refs/tags/${tag}`)) !== '')
      throw new Error(`${version} was released already: origin has ${tag}`);
    if ((await git('branch', '--remotes', '--contains', 'HEAD')) === '') throw new Error('origin has not got this commit: push it first');
  }
  return git('rev-parse', 'HEAD');
}
