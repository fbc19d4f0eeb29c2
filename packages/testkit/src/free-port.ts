import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** Below the ports that systems take for outgoing connections by themselves, which would be in use a moment later. */
const [firstPort, endPort] = [10_000, 32_768];

/** How long a port is kept from others who ask here: until its server has started, also where a stack starts on a busy machine. */
const claimedMs = 300_000;
/** A file for each port that was given away, by whatever process: test runs and stacks begin side by side. */
const claims = path.join(os.tmpdir(), `driftbox-ports-${os.userInfo().uid}`);

/**
 * TCP ports of 127.0.0.1 that were free a moment ago, all different, and given to nobody else for some minutes. A process that does
 * not ask here may be faster: who starts a server checks that it got its port.
 */
export async function freePorts(count: number): Promise<number[]> {
  const probes = new Map<number, Server>();
  while (probes.size < count) {
    const port = randomInt(firstPort, endPort);
    const probe = probes.has(port) ? undefined : await listenOn(port);
    if (probe === undefined) continue;
    if (claim(port)) probes.set(port, probe);
    else probe.close();
  }
  await Promise.all(
    [...probes.values()].map(async (probe) => {
      probe.close();
      await once(probe, 'close');
    }),
  );
  return [...probes.keys()];
}

/** False where somebody has it. */
function claim(port: number): boolean {
  const file = path.join(claims, String(port));
  mkdirSync(claims, { recursive: true });
  const sinceMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  if (Date.now() - sinceMs < claimedMs) return false;
  rmSync(file, { force: true });
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function listenOn(port: number): Promise<Server | undefined> {
  const probe = createServer().listen(port, '127.0.0.1');
  return once(probe, 'listening').then(
    () => probe,
    () => undefined,
  );
}

/** The first of so many free ports one after another, for a server that takes them so. */
export async function freePortRow(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const others = await Promise.all(Array.from({ length: count - 1 }, (_, n) => listenOn(first + n + 1)));
    const isFree = others.every((probe, n) => probe !== undefined && claim(first + n + 1));
    for (const probe of others) probe?.close();
    if (isFree) return first;
  }
}

/** One free port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port ?? 0;
}
