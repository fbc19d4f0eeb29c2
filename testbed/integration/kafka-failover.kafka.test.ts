import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyTopics, createKafkaBus, createKafkaClient, type Topic } from '@driftbox/event-bus';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import { startKafka, type RunningKafka } from '../components/servers/kafka.ts';
import { startEventLoad } from '../src/event-load.ts';
import { createEventWitness } from '../src/event-witness.ts';

const topic: Topic = { name: 'failover', partitions: 6, retention: { days: 1 } };
const deadLetters: Topic = { name: 'driftbox.dead-letters', partitions: 1, retention: 'compact' };
const patience = { deadlineMs: 120_000 };

let folder: TemporaryFolder;
let kafka: RunningKafka;
beforeAll(async () => {
  folder = await temporaryFolder();
  kafka = await startKafka(folder.path, 3);
}, 180_000);
afterAll(async () => {
  await kafka?.stop();
  await folder.remove();
});

/** Resolves when every replica of every partition is in sync again: only then may the next broker be lost. */
async function whole(): Promise<void> {
  const admin = createKafkaClient({ brokers: kafka.brokers, clientId: 'whole' }).admin();
  await admin.connect();
  await waitFor(
    async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic.name] });
      return topics[0]?.partitions.every(({ isr }) => isr.length === 3);
    },
    { ...patience, what: 'all replicas to be in sync' },
  );
  await admin.disconnect();
}

test('brokers are killed under load, twice: nothing acknowledged is lost, and each key keeps its order', async () => {
  const client = { brokers: kafka.brokers, clientId: 'failover' };
  await applyTopics(createKafkaClient(client), [topic, deadLetters], { replicas: 3 });
  const bus = createKafkaBus(client);
  const witness = createEventWitness();
  await bus.subscribe({ group: 'live', topics: [topic.name], handler: witness.handler });
  const load = startEventLoad(bus, topic.name, 20);
  const goesOn = async (what: string): Promise<void> => {
    const before = load.acknowledged.size;
    await waitFor(() => load.acknowledged.size > before + 500, { ...patience, what: `500 more acknowledgements ${what}` });
  };
  for (const node of kafka.nodes.slice(0, 2)) {
    await goesOn('before a broker is killed');
    await node.kill();
    await goesOn('without it');
    await node.start();
    await whole();
  }
  await load.stop();
  await waitFor(() => witness.lost(load).length === 0, { ...patience, what: 'all acknowledged events to arrive' });
  expect(witness.outOfOrder).toEqual([]);

  const later = createEventWitness();
  await bus.subscribe({ group: 'later', topics: [topic.name], handler: later.handler });
  await waitFor(() => later.lost(load).length === 0, { ...patience, what: 'all acknowledged events to be in the log' });
  expect(later.outOfOrder).toEqual([]);
  await bus.close();
}, 480_000);
