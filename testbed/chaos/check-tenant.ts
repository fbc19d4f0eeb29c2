import { waitFor } from '@driftbox/testkit';
import { createCli } from '../src/run-cli.ts';
import type { Checked } from './target.ts';

/** Whose content is checked, and how upload is reached. */
export type CheckWhat = {
  readonly configFolder: string;
  readonly serviceKey: string;
  readonly tenantId: string;
  /** Upload's internal address as it is at the moment. */
  readonly upload: () => string;
};

/** The command line's exit code where something was found (docs/cli.md). */
const somethingFound = 6;
const deadlineMs = 240_000;

/** What `driftbox admin fsck` says; asked again while it cannot say anything because a part is away. */
export async function checkTenant({ configFolder, serviceKey, tenantId, upload }: CheckWhat): Promise<Checked> {
  const cli = createCli(configFolder, { DRIFTBOX_SERVICE_KEY: serviceKey });
  const ask = async (): Promise<Checked> => {
    const { code, stdout, stderr } = await cli.run('admin', 'fsck', '--tenant', tenantId, '--server', upload(), '--json');
    if (code !== 0 && code !== somethingFound) throw new Error(`fsck exited with ${code}: ${stderr.slice(-1_000)}`);
    return JSON.parse(stdout) as Checked;
  };
  return waitFor(ask, { deadlineMs, longestPauseMs: 2_000, what: 'a check of the tenant' });
}
