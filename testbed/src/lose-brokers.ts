import { applyTopics, createKafkaBus, createKafkaClient, type EventBus, type Topic } from '@driftbox/event-bus';
import { waitFor } from '@driftbox/testkit';
import { startKafka, type RunningKafka } from '../components/servers/kafka.ts';
import { startEventLoad, type EventLoad } from './event-load.ts';
import { createEventWitness, type EventWitness } from './event-witness.ts';

const topic: Topic = { name: 'failover', partitions: 6, retention: { days: 1 } };
const deadLetters: Topic = { name: 'driftbox.dead-letters', partitions: 1, retention: 'compact' };
const keys = 20;
/** Acknowledgements to wait for before and after each loss. */
const eventsEach = 500;
const patience = { deadlineMs: 120_000 };

/** What became of events while brokers were lost under load. */
export type BrokerLoss = {
  readonly acknowledged: number;
  /** Acknowledged, and yet seen by nobody who listened all the while, or by nobody who read the whole log afterwards. */
  readonly lost: number;
  /** Of one key, repetitions aside. */
  readonly outOfOrder: number;
  readonly repeated: number;
  /** How often publishing failed, and was done again. */
  readonly failures: number;
};

/**
 * Kills (kill -9) one of three brokers so many times, one after the other in turn, while events are published and heard; each is
 * back and in sync before the next is killed. `report` is told of each.
 */
export async function loseBrokers(folder: string, times: number, report: (line: string) => void = () => {}): Promise<BrokerLoss> {
  const kafka = await startKafka(folder, 3);
  const client = { brokers: kafka.brokers, clientId: 'failover' };
  await applyTopics(createKafkaClient(client), [topic, deadLetters], { replicas: 3 });
  const bus = createKafkaBus(client);
  try {
    const live = await listen(bus, 'live');
    const load = startEventLoad(bus, topic.name, keys);
    for (let time = 0; time < times; time += 1) {
      await loseOne(kafka, time % kafka.nodes.length, load);
      report(`broker ${(time % kafka.nodes.length) + 1} killed and back, ${load.acknowledged.size} events acknowledged so far`);
    }
    await load.stop();
    const later = await listen(bus, 'later');
    const [missed, gone] = [await missedBy(live, load), await missedBy(later, load)];
    return {
      acknowledged: load.acknowledged.size,
      lost: Math.max(missed, gone),
      outOfOrder: live.outOfOrder.length + later.outOfOrder.length,
      repeated: live.repeated(),
      failures: load.failures(),
    };
  } finally {
    await bus.close();
    await kafka.stop();
  }
}

async function listen(bus: EventBus, group: string): Promise<EventWitness> {
  const witness = createEventWitness();
  await bus.subscribe({ group, topics: [topic.name], handler: witness.handler });
  return witness;
}

/** Acknowledged events that did not come, after a long while in which they could. */
async function missedBy(witness: EventWitness, load: EventLoad): Promise<number> {
  await waitFor(() => witness.lost(load).length === 0, patience).catch(() => {});
  return witness.lost(load).length;
}

async function loseOne(kafka: RunningKafka, index: number, load: EventLoad): Promise<void> {
  const goesOn = async (what: string): Promise<void> => {
    const before = load.acknowledged.size;
    await waitFor(() => load.acknowledged.size > before + eventsEach, { ...patience, what: `acknowledgements ${what}` });
  };
  const node = kafka.nodes[index];
  if (node === undefined) throw new Error(`there is no broker ${index}`);
  await goesOn('before a broker is killed');
  await node.kill();
  await goesOn('without it');
  await node.start();
  await whole(kafka);
}

/** Resolves when every replica of every partition is in sync again: only then may the next broker be lost. */
async function whole(kafka: RunningKafka): Promise<void> {
  const admin = createKafkaClient({ brokers: kafka.brokers, clientId: 'whole' }).admin();
  await admin.connect();
  const isWhole = async (): Promise<boolean | undefined> => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic.name] });
    return topics[0]?.partitions.every(({ isr }) => isr.length === kafka.nodes.length);
  };
  await waitFor(isWhole, { ...patience, what: 'all replicas to be in sync' });
  await admin.disconnect();
}
