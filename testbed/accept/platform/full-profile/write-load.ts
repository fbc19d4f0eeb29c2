import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createS3Bucket, createS3Client } from '@driftbox/chunk-store';
import { applyTopics, createKafkaBus, createKafkaClient, type Topic } from '@driftbox/event-bus';
import { connectClient } from '@driftbox/postgres';
import { waitFor } from '@driftbox/testkit';
import { startEventLoad } from '../../../src/event-load.ts';
import { createEventWitness } from '../../../src/event-witness.ts';

/** What is written to; passwords are of the test alone. */
export type Written = {
  /** Has certified all of them, in PEM. */
  readonly authority: string;
  readonly postgres: { readonly hosts: readonly string[]; readonly password: string };
  readonly kafka: readonly string[];
  readonly minio: { readonly endpoint: string; readonly accessKey: string; readonly secretKey: string };
};

/** Of each back end how much was acknowledged; at the end also how much of that was not there any more. */
export type Counts = Readonly<Record<'postgres' | 'kafka' | 'minio', { readonly acknowledged: number; readonly lost?: number }>>;

/** A back end that is written to without pause, over and over where it fails. */
type Load = { acknowledged(): number; end(): Promise<number> };

const topic: Topic = { name: 'full', partitions: 6, retention: { days: 1 } };
const deadLetters: Topic = { name: 'driftbox.dead-letters', partitions: 1, retention: 'compact' };

/** Calls `write` with 0, 1, 2 and so on, each until it does not throw; `read` answers what is there. */
function startLoad(write: (n: number) => Promise<void>, read: () => Promise<ReadonlySet<number>>): Load {
  let acknowledged = 0;
  let isOver = false;
  const again = async <T>(doing: () => Promise<T>): Promise<T | undefined> => doing().catch(() => undefined);
  const writing = (async () => {
    for (; !isOver; await delay(10)) if ((await again(async () => (await write(acknowledged), true))) === true) acknowledged += 1;
  })();
  return {
    acknowledged: () => acknowledged,
    async end() {
      isOver = true;
      await writing;
      const there = await waitFor(() => again(read), { deadlineMs: 120_000, what: 'what was written' });
      return Array.from({ length: acknowledged }, (_, n) => n).filter((n) => !there.has(n)).length;
    },
  };
}

async function loadPostgres({ authority, postgres: { hosts, password } }: Written): Promise<Load> {
  const settings = { applicationName: 'full', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 };
  const known = { user: 'postgres', password, ssl: { ca: [authority] } };
  const connection = { host: hosts.join(','), port: 5_432, database: 'postgres', ...known };
  const query = async (text: string, values: unknown[] = []): Promise<readonly { readonly n: number }[]> => {
    const client = await connectClient(connection, settings);
    try {
      return (await client.query(text, values)).rows as { n: number }[];
    } finally {
      await client.end();
    }
  };
  await query('CREATE TABLE public.written (n integer PRIMARY KEY)');
  return startLoad(
    async (n) => void (await query('INSERT INTO public.written VALUES ($1) ON CONFLICT DO NOTHING', [n])),
    async () => new Set((await query('SELECT n FROM public.written')).map(({ n }) => n)),
  );
}

async function loadMinio({ authority, minio }: Written): Promise<Load> {
  const options = { ...minio, authority, bucket: 'full', callTimeoutMs: 10_000, idleTimeoutMs: 5_000 };
  await createS3Bucket(options);
  const client = createS3Client(options);
  const bytes = (n: number): Buffer => Buffer.from(`${n}`.repeat(1_000));
  return startLoad(
    async (n) => {
      const piece = bytes(n);
      const body = { pieces: [piece], sizeBytes: piece.length, sha256Hex: createHash('sha256').update(piece).digest('hex') };
      await client.send({ method: 'PUT', key: `n/${n}`, body }, 'putting');
    },
    async () => {
      const found = new Set<number>();
      for (let after = '', more = true; more;) {
        const page = await client.list('n/', after, 1_000);
        for (const { key } of page.keys) {
          const n = Number(key.slice(2));
          if ((await client.send({ method: 'GET', key }, 'getting')).body.equals(bytes(n))) found.add(n);
        }
        after = page.keys.at(-1)?.key ?? after;
        more = page.more;
      }
      return found;
    },
  );
}

async function loadKafka({ authority, kafka: brokers }: Written): Promise<Load> {
  const client = { brokers, clientId: 'full', tls: { ca: [authority] } };
  await applyTopics(createKafkaClient(client), [topic, deadLetters], { replicas: 3 });
  const bus = createKafkaBus(client);
  const load = startEventLoad(bus, topic.name, 5);
  return {
    acknowledged: () => load.acknowledged.size,
    async end() {
      await load.stop();
      const witness = createEventWitness();
      await bus.subscribe({ group: 'afterwards', topics: [topic.name], handler: witness.handler });
      await waitFor(() => witness.lost(load).length === 0, { deadlineMs: 120_000 }).catch(() => {});
      await bus.close();
      return witness.lost(load).length;
    },
  };
}

const written = JSON.parse(process.argv[2] ?? '') as Written;
const loads = { postgres: await loadPostgres(written), kafka: await loadKafka(written), minio: await loadMinio(written) };
const tell = (lost: Partial<Record<keyof typeof loads, number>> = {}): void => {
  const counts = Object.entries(loads).map(([part, load]) => [
    part,
    { acknowledged: load.acknowledged(), lost: lost[part as keyof typeof loads] },
  ]);
  console.log(JSON.stringify(Object.fromEntries(counts)));
};
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'count') tell();
  else tell({ postgres: await loads.postgres.end(), kafka: await loads.kafka.end(), minio: await loads.minio.end() });
}
process.exit(0);
