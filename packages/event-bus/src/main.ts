// `npm run events`: what people do to the event bus of a hosted DriftBox.
import { parseArgs } from 'node:util';
import { createKafkaBus } from './kafka/kafka-bus.ts';
import { createKafkaClient } from './kafka/kafka-client.ts';
import { applyTopics } from './kafka/apply-topics.ts';
import { requestReplay } from './kafka/request-replay.ts';
import { rewindGroup, type RewindOptions } from './kafka/rewind-group.ts';
import { topics } from './kafka/topics.ts';

const usage = `npm run events -- COMMAND --brokers HOST:PORT,...

  topics [--replicas 3]                 makes the topics that are missing and sets what differs; changes no number of partitions
  dead-letters [--limit 100]            lists dead letters, the oldest first
  replay --id ID | --group GROUP        sends dead letters to their group once more
  rewind --group GROUP --topic TOPIC (--time RFC3339 | --offset N)
                                        lets a group that has no member at the time go on from there

Each prints one JSON document a line. Example: npm run events -- topics --brokers kafka-1:9092,kafka-2:9092`;

type Options = Readonly<Record<string, string | undefined>>;

const print = (value: unknown): void => console.log(JSON.stringify(value));

async function run(command: string, brokers: readonly string[], options: Options): Promise<number | undefined> {
  const client = { brokers, clientId: 'events', warn: (message: string) => void process.stderr.write(`${message}\n`) };
  const { group, topic, id } = options;
  if (command === 'topics') {
    const outcomes = await applyTopics(createKafkaClient(client), topics, { replicas: Number(options['replicas'] ?? 3) });
    outcomes.forEach(print);
    return outcomes.some(({ outcome }) => outcome === 'conflict') ? 1 : 0;
  }
  if (command === 'dead-letters') {
    const bus = createKafkaBus(client);
    (await bus.deadLetters(Number(options['limit'] ?? 100))).forEach(print);
    await bus.close();
    return 0;
  }
  if (command === 'replay' && (id !== undefined || group !== undefined)) {
    const ids = await requestReplay(client, id === undefined ? { group: group ?? '' } : { id });
    ids.forEach(print);
    return ids.length > 0 ? 0 : 1;
  }
  const to = targetOf(options);
  if (command === 'rewind' && group !== undefined && topic !== undefined && to !== undefined) {
    (await rewindGroup(createKafkaClient(client), { group, topic, to })).forEach(print);
    return 0;
  }
  return undefined;
}

function targetOf({ time, offset }: Options): RewindOptions['to'] | undefined {
  if (time !== undefined && !Number.isNaN(Date.parse(time))) return { timeMs: Date.parse(time) };
  return offset !== undefined && /^\d+$/.test(offset) ? { offset: Number(offset) } : undefined;
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      brokers: text,
      replicas: text,
      limit: text,
      id: text,
      group: text,
      topic: text,
      time: text,
      offset: text,
      help: { type: 'boolean' },
    },
  });
  const { help, brokers, ...options } = values;
  if (help === true) return (console.log(usage), 0);
  const code = brokers === undefined ? undefined : await run(positionals[0] ?? '', brokers.split(','), options);
  if (code === undefined) process.stderr.write(`${usage}\n`);
  return code ?? 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`events: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
