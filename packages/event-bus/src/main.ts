// `npm run events`: what people do to the event bus of a hosted DriftBox, and to the dead letters of any.
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createFolderDeadLetters } from './dead-letter-store.ts';
import { createKafkaBus } from './kafka/kafka-bus.ts';
import { createKafkaClient, type KafkaLogin, type KafkaOptions } from './kafka/kafka-client.ts';
import { applyTopics } from './kafka/apply-topics.ts';
import { requestReplay } from './kafka/request-replay.ts';
import { tryKafka } from './kafka/try-kafka.ts';
import { rewindGroup, type RewindOptions } from './kafka/rewind-group.ts';
import { topicsBelow } from './kafka/topics.ts';
import { markLetters } from './marked-letters.ts';

const usage = `npm run events -- COMMAND --brokers HOST:PORT,... | --folder FOLDER

  topics [--replicas 3]                 makes the topics that are missing and sets what differs; changes no number of partitions
  dead-letters [--limit 100]            lists dead letters, the oldest first
  replay --id ID | --group GROUP        sends dead letters to their group once more
  rewind --group GROUP --topic TOPIC (--time RFC3339 | --offset N)
                                        lets a group that has no member at the time go on from there

  --prefix PREFIX  in front of topics and groups, of a cell that shares brokers with others (DRIFTBOX_KAFKA_PREFIX)
  --tls            speaks to brokers by TLS; NODE_EXTRA_CA_CERTS names an authority to trust
  --username NAME  logs in by SCRAM-SHA-512, or by --mechanism SCRAM-SHA-256 or PLAIN; --password-file FILE has the password

  --folder FOLDER  for dead-letters and replay, the dead letters of a server without Kafka: dead-letters in the data folder of
                   npm start. What is replayed is sent within seconds by the server, or else when it starts again

Each prints one JSON document a line. Examples: npm run events -- topics --brokers kafka-1:9092,kafka-2:9092
                                                npm run events -- dead-letters --folder ~/.local/share/driftbox/dead-letters`;

type Options = Readonly<Record<string, string | undefined>>;

/** The command was called wrongly: the message says how. */
class UsageError extends Error {}

const print = (value: unknown): void => console.log(JSON.stringify(value));

function numberOf(options: Options, name: string, otherwise: number): number {
  const text = options[name] ?? String(otherwise);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--${name} takes a number of 1 or more, not ${text}`);
  return Number(text);
}

/** Which letters to replay, or `undefined` where the command does not say. */
function lettersOf({ id, group }: Options): { id: string } | { group: string } | undefined {
  if (id !== undefined) return { id };
  return group === undefined ? undefined : { group };
}

function printReplayed(ids: readonly string[]): number {
  ids.forEach(print);
  return ids.length > 0 ? 0 : 1;
}

async function runOnFolder(command: string, folder: string, options: Options): Promise<number | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new UsageError(`${folder} is no folder`);
  if (command === 'dead-letters') {
    (await createFolderDeadLetters(folder).list(numberOf(options, 'limit', 100))).forEach(print);
    return 0;
  }
  const letters = lettersOf(options);
  return command === 'replay' && letters !== undefined ? printReplayed(await markLetters(folder, letters)) : undefined;
}

/** Whoever is not let in hears so at once, and not after the bus has asked for as long as it asks lost brokers. */
async function runOnBrokers(command: string, client: KafkaOptions, options: Options): Promise<number | undefined> {
  await tryKafka(client);
  return run(command, client, options);
}

async function run(command: string, client: KafkaOptions, options: Options): Promise<number | undefined> {
  const { group, topic } = options;
  const { prefix = '' } = client;
  if (command === 'topics') {
    const outcomes = await applyTopics(createKafkaClient(client), topicsBelow(prefix), { replicas: numberOf(options, 'replicas', 3) });
    outcomes.forEach(print);
    return outcomes.some(({ outcome }) => outcome === 'conflict') ? 1 : 0;
  }
  if (command === 'dead-letters') {
    const limit = numberOf(options, 'limit', 100);
    const bus = createKafkaBus(client);
    (await bus.deadLetters(limit)).forEach(print);
    await bus.close();
    return 0;
  }
  const letters = lettersOf(options);
  if (command === 'replay' && letters !== undefined) return printReplayed(await requestReplay(client, letters));
  const to = targetOf(options);
  if (command === 'rewind' && group !== undefined && topic !== undefined && to !== undefined) {
    (await rewindGroup(createKafkaClient(client), { group: `${prefix}${group}`, topic: `${prefix}${topic}`, to })).forEach(print);
    return 0;
  }
  return undefined;
}

function targetOf({ time, offset }: Options): RewindOptions['to'] | undefined {
  if (time !== undefined && !Number.isNaN(Date.parse(time))) return { timeMs: Date.parse(time) };
  return offset !== undefined && /^\d+$/.test(offset) ? { offset: Number(offset) } : undefined;
}

async function clientOf(brokers: string, tls: boolean | undefined, options: Options): Promise<KafkaOptions> {
  const { prefix, username, mechanism = 'SCRAM-SHA-512', 'password-file': file } = options;
  if ((username === undefined) !== (file === undefined)) throw new UsageError('--username and --password-file go together');
  if (!isMechanism(mechanism)) throw new UsageError(`--mechanism is SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN, not ${mechanism}`);
  const password = file === undefined ? undefined : (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  return {
    brokers: brokers.split(','),
    clientId: 'events',
    tls,
    prefix,
    ...(username === undefined || password === undefined ? {} : { sasl: { mechanism, username, password } }),
    warn: (message) => void process.stderr.write(`${message}\n`),
  };
}

function isMechanism(text: string): text is KafkaLogin['mechanism'] {
  return ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'].includes(text);
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      brokers: text,
      folder: text,
      replicas: text,
      limit: text,
      id: text,
      group: text,
      topic: text,
      time: text,
      offset: text,
      prefix: text,
      tls: { type: 'boolean' },
      username: text,
      mechanism: text,
      'password-file': text,
      help: { type: 'boolean' },
    },
  });
  const { help, brokers, folder, tls, ...options } = values;
  if (help === true) return (console.log(usage), 0);
  if (brokers !== undefined && folder !== undefined) throw new UsageError('--brokers and --folder are two places: name one');
  const [command = ''] = positionals;
  let code: number | undefined;
  if (brokers !== undefined) code = await runOnBrokers(command, await clientOf(brokers, tls, options), options);
  if (folder !== undefined) code = await runOnFolder(command, folder, options);
  if (code === undefined) process.stderr.write(`${usage}\n`);
  return code ?? 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`events: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
