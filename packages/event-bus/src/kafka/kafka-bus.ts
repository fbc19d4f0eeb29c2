import assert from 'node:assert/strict';
import { parseCloudEvent } from '../cloud-event.ts';
import { toldDeadLetters, type DeadLetterNews } from '../dead-letter-store.ts';
import { BusUnavailable, type EventBus } from '../event-bus.ts';
import { persistenceOf, type Persistence } from '../group.ts';
import { replayLetter } from '../replay-letter.ts';
import { createSlots } from '../slots.ts';
import { tracedSending } from '../trace-events.ts';
import { createKafkaClient, type KafkaOptions } from './kafka-client.ts';
import { openKafkaSubscription, type KafkaSubscription } from './kafka-subscription.ts';
import { PartitionSender } from './partition-sender.ts';
import { traceHeader } from './trace-header.ts';
import { createTopicDeadLetters } from './topic-dead-letters.ts';

/** All durations in milliseconds. */
export type KafkaBusOptions = KafkaOptions &
  Partial<Persistence> & {
    /** Events given to `publish` and not yet acknowledged; default 10,000. As many publishers may wait. */
    readonly queueLimit?: number | undefined;
    /** How long a publisher waits for a place, and then for the acknowledgement; default 30,000 each. */
    readonly publishTimeoutMs?: number | undefined;
    /** How long `close` waits for handlers; default 10,000. */
    readonly drainMs?: number | undefined;
    /** Told of each event that is given up. */
    readonly onDeadLetter?: ((news: DeadLetterNews) => void) | undefined;
  };

/**
 * A bus over Kafka. `publish` resolves when all in-sync replicas have the event; groups get it afterwards, also those that
 * begin while the topic still holds it. Topics are declared in `topics.ts` and made by `applyTopics`, never by being used.
 * Nothing is connected before it is needed.
 */
export function createKafkaBus(options: KafkaBusOptions): EventBus {
  const { queueLimit = 10_000, publishTimeoutMs = 30_000, drainMs = 10_000, prefix = '', warn = () => {} } = options;
  const kafka = createKafkaClient(options);
  const sender = new PartitionSender(kafka, { timeoutMs: publishTimeoutMs, prefix, warn });
  const deadLetters = toldDeadLetters(createTopicDeadLetters(kafka, sender, prefix), options.onDeadLetter);
  const persistence = persistenceOf(options);
  const slots = createSlots(queueLimit, publishTimeoutMs);
  const members = new Set<KafkaSubscription>();
  const inFlight = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;

  async function publish(topic: string, key: string, event: unknown, sentBy: string | undefined): Promise<void> {
    await slots.take();
    try {
      await sender.send(topic, {
        key,
        value: JSON.stringify(event),
        ...(sentBy === undefined ? {} : { headers: { [traceHeader]: sentBy } }),
      });
    } finally {
      slots.give();
    }
  }

  async function close(): Promise<void> {
    slots.shut();
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, drainMs);
    const drained = Promise.allSettled([...inFlight, ...[...members].map((member) => member.stop())]);
    await Promise.race([drained, late.promise]);
    clearTimeout(timer);
    await sender.close();
  }

  return {
    publish: async (topic, key, event) => {
      assert(parseCloudEvent(event) !== undefined, 'what is published is a CloudEvent');
      const published = tracedSending('kafka', topic, event, (sentBy) => publish(topic, key, event, sentBy));
      inFlight.add(published);
      await published.finally(() => inFlight.delete(published));
    },
    subscribe: async (wanted) => {
      if (closing !== undefined) throw new BusUnavailable('the bus is closed');
      const member = await openKafkaSubscription(wanted, { kafka, persistence, deadLetters, prefix, warn });
      members.add(member);
      return {
        stop: async () => {
          await member.stop();
          members.delete(member);
        },
      };
    },
    deadLetters: (limit) => deadLetters.list(limit),
    replay: (id) => replayLetter(deadLetters, id, (name) => [...members].find(({ group }) => group === name)),
    backlog: () => ({ toSend: slots.taken + slots.waiting, toHandle: takenBy(members) }),
    close: () => (closing ??= close()),
  };
}

function takenBy(members: Iterable<KafkaSubscription>): number {
  return [...members].reduce((sum, { taken }) => sum + taken, 0);
}
