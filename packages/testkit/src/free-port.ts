import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the ports that systems take for outgoing connections by themselves, which would be in use a moment later. */
const [firstPort, endPort] = [10_000, 32_768];

/**
 * TCP ports of 127.0.0.1 that were free a moment ago, all different. Another process may be faster: who starts a server
 * checks that it got its port.
 */
export async function freePorts(count: number): Promise<number[]> {
  const probes = new Map<number, Server>();
  while (probes.size < count) {
    const port = randomInt(firstPort, endPort);
    const probe = probes.has(port) ? undefined : await listenOn(port);
    if (probe !== undefined) probes.set(port, probe);
  }
  await Promise.all(
    [...probes.values()].map(async (probe) => {
      probe.close();
      await once(probe, 'close');
    }),
  );
  return [...probes.keys()];
}

async function listenOn(port: number): Promise<Server | undefined> {
  const probe = createServer().listen(port, '127.0.0.1');
  return once(probe, 'listening').then(
    () => probe,
    () => undefined,
  );
}

/** One free port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port ?? 0;
}
