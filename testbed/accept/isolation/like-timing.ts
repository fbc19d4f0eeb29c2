import { routes, type Route } from '@driftbox/protocol';
import { median, rankDifference } from '../../isolation/rank-test.ts';
import { settle, type Resident } from '../../isolation/resident.ts';
import { sampleRequests } from '../../isolation/sample-requests.ts';
import { createSender, openDoorTarget, type Request } from '../../isolation/target.ts';
import type { Point } from '../point.ts';

const rounds = 200;
/** By chance one of some fifteen routes goes beyond this in fewer than one of a thousand runs. */
const mostDeviations = 4;

/** Questions about one thing of one tenant: reading changes nothing, so that the last is like the first. */
const questions = Object.entries<Route>(routes).filter(
  ([, { auth, method, path }]) => auth === 'user' && method === 'GET' && /:(drive|entry)/.test(path),
);

/** Asks about ids of another tenant, which its owner has just read, and about ids of nobody, in turn. */
export const likeTiming: Point = {
  number: 1,
  promise: 'an id of another tenant and an id of nobody take equally long, whatever its owner has just read',
  show: async () => {
    const target = await openDoorTarget();
    const sender = createSender();
    try {
      const victim = await settle(target.address, target.victim, target.victim.invitation);
      const intruder = await settle(target.address, target.intruder, target.intruder.invitation);
      const nobody = withOtherIds(victim);
      const ask = async (request: Request | undefined, asker: Resident): Promise<number> => {
        if (request === undefined) throw new Error('a route without a request');
        const headers = { ...request.headers, host: asker.tenant.host, authorization: `Bearer ${asker.signedIn.accessToken}` };
        const startMs = performance.now();
        await sender.send(target.address, { ...request, headers });
        return performance.now() - startMs;
      };
      const rows: { name: string; deviations: number; theirsMs: number; nobodysMs: number }[] = [];
      for (const [name, route] of questions) {
        const [theirRequest] = sampleRequests(route, victim);
        const [nobodysRequest] = sampleRequests(route, nobody);
        const theirs: number[] = [];
        const nobodys: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          await ask(theirRequest, victim);
          // Whoever comes second may find things warmer: they take turns.
          if (round % 2 === 0) theirs.push(await ask(theirRequest, intruder));
          nobodys.push(await ask(nobodysRequest, intruder));
          if (round % 2 === 1) theirs.push(await ask(theirRequest, intruder));
        }
        rows.push({ name, deviations: rankDifference(theirs, nobodys), theirsMs: median(theirs), nobodysMs: median(nobodys) });
      }
      const lines = rows.map(
        ({ name, deviations, theirsMs, nobodysMs }) =>
          `${name}: medians ${theirsMs.toFixed(2)} and ${nobodysMs.toFixed(2)} ms, ${deviations.toFixed(1)} standard deviations by rank`,
      );
      return { holds: rows.every(({ deviations }) => Math.abs(deviations) < mostDeviations), figure: lines.join('\n') };
    } finally {
      sender.close();
      await target.close();
    }
  },
};

function withOtherIds(one: Resident): Resident {
  const other = <Id extends string>(id: Id): Id => id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) as Id;
  return { ...one, entryId: other(one.entryId), drive: { ...one.drive, drive: other(one.drive.drive), rootId: other(one.drive.rootId) } };
}
