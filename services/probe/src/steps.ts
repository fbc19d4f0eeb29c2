import { randomBytes } from 'node:crypto';
import { readBody, type Client } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';

/** What the probe is, and what it learns on its way through a round. */
export type Round = {
  readonly email: string;
  readonly password: string;
  /** A client that carries this token, or none. */
  readonly clientOf: (token: string | undefined) => Client;
};

/** Does one thing, and answers; throws where it did not work. */
export type DoStep = <T>(name: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

const path = 'probe.bin';
const sizeBytes = 4_096;

/**
 * One round of what people do, in order; each step begins with what the one before left. Throws at the first that fails: what
 * would follow is not tried, and keeps what it last was.
 */
export async function goRound({ email, password, clientOf }: Round, step: DoStep): Promise<void> {
  const stranger = clientOf(undefined);
  const device = { name: 'probe', kind: 'other' as const };
  const { accessToken } = await step('sign_in', (signal) => stranger.call(routes.logIn, { body: { email, password, device }, signal }));
  const client = clientOf(accessToken);
  try {
    const { drive, entry, bytes } = await write(client, step);
    await step('read', async (signal) => {
      const answer = await client.stream(routes.getContent, { params: { drive, entry }, signal });
      if (!bytes.equals(await readBody(answer.body, 2 * sizeBytes))) throw new Error('what is read is not what was written');
    });
    await step('share', async (signal) => {
      const { linkId, path: way = '' } = await client.call(routes.createLink, { body: { drive, entry }, signal });
      const linkToken = way.split('/').at(-1) ?? '';
      const shared = await stranger.call(routes.getShared, { params: { linkToken }, signal });
      await client.call(routes.revokeLink, { params: { link: linkId }, signal });
      if (shared.needsPassword) throw new Error('a link without a password asks for one');
    });
  } finally {
    await step('sign_out', (signal) => client.call(routes.logOut, { signal }));
  }
}

/** Writes the file, and waits until who follows the drive has heard of it. */
async function write(client: Client, step: DoStep) {
  const [home] = (await step('list', (signal) => client.call(routes.listDrives, { signal }))).items;
  if (home === undefined) throw new Error('there is no home drive');
  const { drive, driveEpoch, seq } = home;
  const bytes = randomBytes(sizeBytes);
  // Asked before the file is written: whoever follows hears of it while it waits.
  const cursors = `${drive}:${driveEpoch}:${seq}`;
  const [entry] = await Promise.all([
    step('write', async (signal) => {
      const headers = { 'content-type': 'application/octet-stream' };
      const answer = await client.stream(routes.putFile, { params: { drive, path }, headers, body: [bytes], signal });
      return routes.putFile.answer.parse(await answer.json()).entryId;
    }),
    step('sync', async (signal) => {
      while (!signal.aborted) {
        const { heads } = await client.call(routes.waitForChanges, { query: { cursors }, signal });
        if (heads.some((head) => head.drive === drive)) return;
      }
      throw new Error('nobody heard of what was written');
    }),
  ]);
  return { drive, entry, bytes };
}
