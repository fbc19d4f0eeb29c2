// `npm run events`: what people do to the event bus of a hosted DriftBox, and to the dead letters of any.
import { readFile, stat } from 'node:fs/promises';
import { parseCommandLine, readChoice, readNumber, runMain, UsageError } from '@driftbox/command-line';
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

const commandsOfFolders = ['dead-letters', 'replay'] as const;
const commands = ['topics', ...commandsOfFolders, 'rewind'] as const;
const mechanisms: readonly KafkaLogin['mechanism'][] = ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'];

type Options = Readonly<Record<string, string | undefined>>;

const print = (value: unknown): void => console.log(JSON.stringify(value));

function numberOf(options: Options, name: string, otherwise: number): number {
  return readNumber(`--${name}`, options[name] ?? String(otherwise), { least: 1, most: 999_999_999 });
}

/** Which letters to replay. */
function lettersOf({ id, group }: Options): { id: string } | { group: string } {
  if (id !== undefined) return { id };
  if (group === undefined) throw new UsageError('replay takes --id ID or --group GROUP');
  return { group };
}

function printReplayed(ids: readonly string[]): number {
  ids.forEach(print);
  return ids.length > 0 ? 0 : 1;
}

async function runOnFolder(command: (typeof commandsOfFolders)[number], folder: string, options: Options): Promise<number> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new UsageError(`${folder} is no folder`);
  if (command === 'replay') return printReplayed(await markLetters(folder, lettersOf(options)));
  return printAll(await createFolderDeadLetters(folder).list(numberOf(options, 'limit', 100)));
}

/** What a command does once the brokers let this program in; whoever is not let in hears so at once, and not after many tries. */
function actionOn(command: (typeof commands)[number], client: KafkaOptions, options: Options): () => Promise<number> {
  if (command === 'topics') {
    const replicas = numberOf(options, 'replicas', 3);
    return () => makeTopics(client, replicas);
  }
  if (command === 'replay') {
    const letters = lettersOf(options);
    return async () => printReplayed(await requestReplay(client, letters));
  }
  if (command === 'rewind') {
    const { prefix = '' } = client;
    const { group, topic } = options;
    if (group === undefined || topic === undefined) throw new UsageError('rewind takes --group GROUP and --topic TOPIC');
    const where = { group: `${prefix}${group}`, topic: `${prefix}${topic}`, to: targetOf(options) };
    return async () => printAll(await rewindGroup(createKafkaClient(client), where));
  }
  const limit = numberOf(options, 'limit', 100);
  return () => listLetters(client, limit);
}

async function makeTopics(client: KafkaOptions, replicas: number): Promise<number> {
  const outcomes = await applyTopics(createKafkaClient(client), topicsBelow(client.prefix ?? ''), { replicas });
  outcomes.forEach(print);
  return outcomes.some(({ outcome }) => outcome === 'conflict') ? 1 : 0;
}

async function listLetters(client: KafkaOptions, limit: number): Promise<number> {
  const bus = createKafkaBus(client);
  printAll(await bus.deadLetters(limit));
  await bus.close();
  return 0;
}

function printAll(values: readonly unknown[]): number {
  values.forEach(print);
  return 0;
}

function targetOf({ time, offset }: Options): RewindOptions['to'] {
  if (time !== undefined && !Number.isNaN(Date.parse(time))) return { timeMs: Date.parse(time) };
  if (offset === undefined || !/^\d+$/.test(offset)) throw new UsageError('rewind takes --time RFC3339 or --offset N');
  return { offset: Number(offset) };
}

async function clientOf(brokers: string, tls: boolean | undefined, options: Options): Promise<KafkaOptions> {
  const { prefix, username, mechanism = 'SCRAM-SHA-512', 'password-file': file } = options;
  if ((username === undefined) !== (file === undefined)) throw new UsageError('--username and --password-file go together');
  const password = file === undefined ? undefined : (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  const chosen = readChoice('--mechanism', mechanism, mechanisms);
  return {
    brokers: brokers.split(','),
    clientId: 'events',
    tls,
    prefix,
    ...(username === undefined || password === undefined ? {} : { sasl: { mechanism: chosen, username, password } }),
    warn: (message) => void process.stderr.write(`${message}\n`),
  };
}

async function main(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseCommandLine({
    args,
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
    },
  });
  const { brokers, folder, tls, ...options } = values;
  if (brokers !== undefined && folder !== undefined) throw new UsageError('--brokers and --folder are two places: name one');
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new UsageError('name one command');
  if (folder !== undefined) return runOnFolder(readChoice('the command', first, commandsOfFolders), folder, options);
  const command = readChoice('the command', first, commands);
  if (brokers === undefined) throw new UsageError('say where: --brokers HOST:PORT,... or --folder FOLDER');
  const client = await clientOf(brokers, tls, options);
  const act = actionOn(command, client, options);
  await tryKafka(client);
  return act();
}

await runMain({ name: 'events', usage, main });
