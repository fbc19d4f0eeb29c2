import { readEveryMs } from '@driftbox/sync-client';
import { seededRandom } from '@driftbox/testkit';
import { drawDiskTroubles, withDiskTroubles } from './disk-troubles.ts';
import { checkWorld } from './oracles/check-world.ts';
import { onlyArrivalsWait } from './oracles/only-arrivals-wait.ts';
import { onlyClashesWait } from './oracles/only-clashes-wait.ts';
import { isDiskAct, playDisk } from './play/disk-acts.ts';
import { isFaultAct, playFault } from './play/fault-acts.ts';
import { beginSharing, dropBlindMounts, isSharingAct, playSharing } from './play/sharing-acts.ts';
import { isUserAct, playUser } from './play/user-acts.ts';
import { User } from './play/user.ts';
import { isWebAct, playWeb, tellApart } from './play/web-acts.ts';
import { drawScript, type Script, type Step } from './script.ts';
import { drawSharing, withSteps } from './sharing/draw-sharing.ts';
import { calm, drawLate, drawWeather } from './weather.ts';
import { Broken, World, type Defect } from './world.ts';

export type SeedOptions = {
  readonly seed: number;
  /** Devices; the seed decides when undefined. */
  readonly clients: number | undefined;
  readonly defect?: Defect | undefined;
  readonly keepsTrace?: boolean | undefined;
  /** Instead of the script that the seed makes. */
  readonly script?: Script | undefined;
  /** Whatever the seed would do to disks is left out. */
  readonly soundDisks?: boolean | undefined;
  /** Several people share drives. Their disks are sound. */
  readonly sharing?: boolean | undefined;
};

/** How one seed ended. `failure` is what was broken; `hash` is of everything that happened. */
export type SeedResult = {
  readonly seed: number;
  readonly failure: string | undefined;
  readonly hash: string;
  readonly events: number;
  readonly script: Script;
  readonly trace: readonly string[] | undefined;
};

const maxEvents = 200_000;
const maxRounds = 200;
const fullRounds = 12;
const longestFaultMs = 20_001;

/** Plays a seed: people and fate do what the script says, then all is calm, everybody syncs, and everything must hold. */
export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  const { seed, clients: fixed, defect = {}, keepsTrace = false, script: given, sharing = false } = options;
  const soundDisks = sharing || (options.soundDisks ?? false);
  const clients = fixed ?? 2 + (seed % 3);
  const random = seededRandom(seed);
  const between = seededRandom(seed ^ 0x5ba2e);
  const shared = sharing ? drawSharing(between, clients) : undefined;
  const drawn = withSteps(drawScript(random, clients, sharing ? 'free' : undefined), shared?.steps ?? []);
  // From a stream of their own: a seed from before there were any stays what it was.
  const later = seededRandom(seed ^ 0xd15c);
  const troubles = drawDiskTroubles(later, soundDisks ? 0 : clients);
  const script = given ?? (soundDisks ? drawn : withDiskTroubles(drawn, troubles));
  const drawnWeather = drawWeather(random, script.kind !== 'free');
  // With what was refused while the drive was locked, or deleted before it was known to be created, and comes late after all, one
  // person can have a conflict.
  const mayBeLate = script.kind === 'keeper' && !soundDisks && !script.steps.some(({ act }) => act === 'lockDrive');
  const weather = mayBeLate ? { ...drawnWeather, late: drawLate(later) } : drawnWeather;
  const tellCases = Array.from({ length: clients }, (_, index) => troubles.tellCases[index] ?? true);
  const size = shared?.size ?? { people: 1, shared: 0 };
  const world = new World({ seed, kind: script.kind, tellCases, weather, defect, keepsTrace, size });
  const failure = await failureOf(async () => {
    beginSharing(world, () => between.next() < 0.2);
    await playScript(world, script.steps);
    await settle(world);
    checkWorld(world);
  });
  const { scheduler, trace } = world.ground;
  return { seed, failure, hash: trace.hash, events: scheduler.events, script, trace: trace.lines };
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return error.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function playScript(world: World, steps: readonly Step[]): Promise<void> {
  const { scheduler } = world.ground;
  for (const client of world.clients) world.start(client);
  let dueMs = scheduler.nowMs;
  let left = steps.length;
  for (const step of steps) {
    dueMs += step.afterMs;
    scheduler.after(dueMs - scheduler.nowMs, () => {
      playStep(world, step);
      left -= 1;
    });
  }
  await runUntil(world, () => left === 0);
}

function playStep(world: World, step: Step): void {
  const client = world.clients[step.client % world.clients.length]!;
  const { act } = step;
  world.ground.trace.note(world.ground.scheduler.nowMs, `step ${act} ${client.index}`);
  if (isUserAct(act)) {
    if (client.isInMishap) return;
    playUser[act](new User(world, client, step));
    client.notice();
  } else if (isDiskAct(act)) playDisk[act](world, client, step);
  else if (isFaultAct(act)) playFault[act](world, client, step);
  else if (isWebAct(act)) playWeb(world, act, step);
  else if (isSharingAct(act)) playSharing(world, act, step);
}

/**
 * The storm is over: what was down comes up again, and clients sync in turn until nothing moves any more. Then people do what
 * sync waits for, make room and tell names apart that some disk cannot, and it goes on until nothing moves again.
 */
async function settle(world: World): Promise<void> {
  const { scheduler } = world.ground;
  world.ground.weather = calm;
  const endMs = scheduler.nowMs + longestFaultMs;
  scheduler.after(longestFaultMs, () => {});
  await runUntil(world, () => scheduler.nowMs >= endMs);
  world.isOver = true;
  for (const client of world.clients) client.wake();
  await runUntil(world, () => world.clients.every((client) => !client.isSyncing));
  dropBlindMounts(world);
  if (world.clients.some(({ disk }) => disk.isFull)) await makeRoom(world);
  await untilQuiet(world);
  if (!world.hasBlindDisks) return;
  onlyClashesWait(world);
  if (tellApart(world) > 0) await untilQuiet(world);
}

/** Long enough for everything that is tried again to have been so. */
async function makeRoom(world: World): Promise<void> {
  for (let round = 0; round < fullRounds; round += 1) {
    await passTime(world, readEveryMs);
    await syncInTurn(world);
  }
  onlyArrivalsWait(world);
  for (const { disk } of world.clients) disk.isFull = false;
}

async function untilQuiet(world: World): Promise<void> {
  for (let quiet = 0, rounds = 0; quiet < 2; rounds += 1) {
    if (rounds === maxRounds) throw new Broken(`no quiet: ${describeLast(world)}`);
    // After so long the journal is read whatever hints said, or did not say.
    await passTime(world, readEveryMs);
    quiet = (await syncInTurn(world)) ? quiet + 1 : 0;
  }
}

/** Each client runs once; true when none had anything to do. */
async function syncInTurn(world: World): Promise<boolean> {
  const before = seqs(world);
  let isQuiet = true;
  for (const client of world.clients) {
    client.start(() => true);
    await runUntil(world, () => !client.isSyncing);
    let dueMs = Infinity;
    for (const result of client.results) {
      if (result?.result !== 'quiet') isQuiet = false;
      else if (result.lookAgainMs !== undefined) dueMs = Math.min(dueMs, result.lookAgainMs);
    }
    if (dueMs === Infinity) continue;
    isQuiet = false;
    await passTime(world, dueMs - world.ground.scheduler.nowMs);
  }
  return isQuiet && seqs(world) === before;
}

function seqs({ cell }: World): number {
  return cell.drives.reduce((sum, { drive }) => sum + drive.drive.seq, 0);
}

async function passTime(world: World, ms: number): Promise<void> {
  if (ms <= 0) return;
  const { scheduler } = world.ground;
  const endMs = scheduler.nowMs + ms;
  scheduler.after(ms, () => {});
  await runUntil(world, () => scheduler.nowMs >= endMs);
}

async function runUntil(world: World, done: () => boolean): Promise<void> {
  await world.ground.scheduler.run(() => world.errors.length > 0 || done(), maxEvents);
  if (world.errors.length > 0) throw world.errors[0];
}

function describeLast({ clients }: World): string {
  return clients.map(({ index, results }) => `client ${index}: ${JSON.stringify(results)}`).join('\n');
}
