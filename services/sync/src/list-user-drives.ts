import type { Client } from '@driftbox/api-client';
import { maxHeads, routes, type Head } from '@driftbox/protocol';

/** Gives the drives that the bearer of a token may read, with their heads. */
export type ListUserDrives = (token: string) => Promise<readonly Head[]>;

const pageDrives = 1_000;

/** Asks metadata, in the user's own name, at most `maxHeads` drives. Throws the problem that metadata tells. */
export function listUserDrives(metadata: Client): ListUserDrives {
  return async (bearer) => {
    const heads: Head[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: pageDrives, cursor };
      const page = await metadata.call(routes.listDrives, {
        query,
        token: () => Promise.resolve(bearer),
        deadlineMs: 10_000,
        retry: { attempts: 3, deadlineMs: 10_000 },
      });
      heads.push(...page.items.map(({ drive, driveEpoch, seq }) => ({ drive, driveEpoch, seq })));
      cursor = page.nextCursor;
    } while (cursor !== undefined && heads.length < maxHeads);
    return heads.slice(0, maxHeads);
  };
}
