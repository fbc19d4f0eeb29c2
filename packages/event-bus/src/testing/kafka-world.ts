import { testComponent } from '@driftbox/testkit';
import { applyTopics, createKafkaBus, createKafkaClient, topics, type EventBus, type KafkaBusOptions } from '../index.ts';

/** For tests: a client of the run's broker. */
export const testKafka = () => createKafkaClient({ brokers: testComponent('kafka').brokers, clientId: 'test' });

/** For tests: a bus on the run's broker that makes each topic when it is first named, which the product never does. */
export async function openTestBus(settings: Partial<KafkaBusOptions>): Promise<EventBus> {
  const kafka = testKafka();
  await applyTopics(kafka, topics, { replicas: 1 });
  const bus = createKafkaBus({ brokers: testComponent('kafka').brokers, clientId: 'test', ...settings });
  const made = new Map<string, Promise<unknown>>();
  const make = (name: string): Promise<unknown> => {
    const making = made.get(name) ?? applyTopics(kafka, [{ name, partitions: 3, retention: { days: 1 } }], { replicas: 1 });
    made.set(name, making);
    return making;
  };
  return {
    ...bus,
    publish: async (topic, key, event) => {
      await make(topic);
      await bus.publish(topic, key, event);
    },
    subscribe: async (options) => {
      for (const topic of options.topics) await make(topic);
      return bus.subscribe(options);
    },
  };
}
