import { createInterface } from 'node:readline';
import { accessFromPod, createCellDoor, createOperator, probeGateway } from '@driftbox/operator';
import { createLogger } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import type { OperatorSettings } from './operator-world.ts';

/**
 * An operator in a process of its own, that reaches whatever cell by the services of one server. Each line that it is sent is answered by
 * what it has used so far; it gives the lead back when there are no more.
 */
const { server, accountFolder, namespace, only, name, rate, internal, serviceKey, address } = JSON.parse(
  process.argv[2] ?? '',
) as OperatorSettings;
const access = () => accessFromPod({ server: new URL(server), folder: accountFolder });
const door = createCellDoor({ internal, serviceKey, probe: (host, signal) => probeGateway({ address }, host, signal) });
const operator = createOperator({
  access: access(),
  electionAccess: access(),
  namespace,
  name,
  workers: 4,
  rate,
  log: createLogger({ service: 'operator', level: 'silent' }),
  registry: new Registry(),
  only,
  openCell: async () => door,
});
void operator.lost.then(() => process.exit(1));
void operator.start();
for await (const _line of createInterface({ input: process.stdin })) {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpuMs: (user + system) / 1000, residentBytes: process.memoryUsage.rss() }));
}
await operator.stop();
door.close();
