import { routes, type Route } from '@driftbox/protocol';
import { seededRandom } from '@driftbox/testkit';
import { owned } from '../../isolation/owned.ts';
import { median, rankDifference } from '../../isolation/rank-test.ts';
import { settle, withOthersIds, type Resident } from '../../isolation/resident.ts';
import { sampleRequests } from '../../isolation/sample-requests.ts';
import { createSender, openDoorTarget, type IsolationTarget, type Request } from '../../isolation/target.ts';
import type { Point, Shown, Tell } from '../point.ts';
import { openStackTarget } from './stack-target.ts';

const rounds = 200;
/** By chance one of thirty routes goes beyond this in some two of a thousand runs. */
const mostDeviations = 4;

/** Questions that name something of one tenant: reading changes nothing, so that the last is like the first. */
const questions = Object.entries<Route>(routes).filter(
  ([, { auth, method, path, readOnly }]) => auth === 'user' && (method === 'GET' || readOnly === true) && owned.test(path),
);

const promise = 'an id of another tenant and an id of nobody take equally long, whatever its owner has just read';

/** On a standalone server, and where caches, replicas and a gateway are on the way. */
export const likeTiming: readonly Point[] = [
  { number: 1.01, promise: `standalone: ${promise}`, show: async (tell) => showLikeTiming(await openDoorTarget(), tell) },
  { number: 1.02, promise: `on a stack: ${promise}`, show: async (tell) => showLikeTiming(await openStackTarget(tell), tell) },
];

type Row = { readonly name: string; readonly deviations: number; readonly line: string };

/** Asks about ids of another tenant, which its owner has just read, and about ids of nobody, in turn; closes the target. */
async function showLikeTiming(target: IsolationTarget, tell: Tell): Promise<Shown> {
  const sender = createSender();
  try {
    const victim = await settle(target.address, target.victim, target.victim.invitation);
    const intruder = await settle(target.address, target.intruder, target.intruder.invitation);
    const nobody = withOthersIds(victim);
    const ask = async (request: Request, asker: Resident): Promise<number> => {
      const headers = { ...request.headers, host: asker.tenant.host, authorization: `Bearer ${asker.signedIn.accessToken}` };
      const startMs = performance.now();
      const { code } = await sender.send(target.address, { ...request, headers });
      if (code === 'rate_limited') throw new Error('what is measured is how fast a limit answers');
      return performance.now() - startMs;
    };
    const rows: Row[] = [];
    for (const [name, route] of questions) {
      const [theirs, nobodys] = [sampleRequests(route, victim)[0], sampleRequests(route, nobody)[0]];
      if (theirs === undefined || nobodys === undefined) throw new Error(`${name}: a route without a request`);
      const row = await compare(name, {
        warm: () => ask(theirs, victim),
        theirs: () => ask(theirs, intruder),
        nobodys: () => ask(nobodys, intruder),
      });
      tell(row.line);
      rows.push(row);
    }
    const away = rows.filter(({ deviations }) => Math.abs(deviations) >= mostDeviations);
    const sum = `${rows.length} routes, ${rounds} times each; ${away.length} beyond ${mostDeviations} standard deviations by rank`;
    return { holds: away.length === 0, figure: [sum, ...rows.map(({ line }) => line)].join('\n') };
  } finally {
    sender.close();
    await target.close();
  }
}

type Asks = Readonly<Record<'warm' | 'theirs' | 'nobodys', () => Promise<number>>>;

/**
 * Whoever comes second may find things warmer, and replicas take turns of their own: chance says who is first, and how often the
 * owner asks before, so that neither always meets the same replica.
 */
async function compare(name: string, { warm, theirs: askTheirs, nobodys: askNobodys }: Asks): Promise<Row> {
  const theirs: number[] = [];
  const nobodys: number[] = [];
  const random = seededRandom(rounds);
  for (let round = 0; round < rounds; round += 1) {
    for (let times = random.integer(1, 2); times > 0; times -= 1) await warm();
    const isTheirsFirst = random.integer(0, 1) === 0;
    if (isTheirsFirst) theirs.push(await askTheirs());
    nobodys.push(await askNobodys());
    if (!isTheirsFirst) theirs.push(await askTheirs());
  }
  const deviations = rankDifference(theirs, nobodys);
  const medians = `${median(theirs).toFixed(2)} and ${median(nobodys).toFixed(2)} ms`;
  return { name, deviations, line: `${name}: medians ${medians}, ${deviations.toFixed(1)} standard deviations by rank` };
}
