import { createKafkaClient, type KafkaOptions } from './kafka-client.ts';

/** Connects once to whichever broker answers first, logs in, and leaves. Throws what was in the way at the last of them. */
export async function tryKafka(options: KafkaOptions): Promise<void> {
  const admin = createKafkaClient(options, options.brokers.length - 1).admin();
  try {
    await admin.connect();
    // One that wants a name lets anybody connect, and answers nothing.
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
}
