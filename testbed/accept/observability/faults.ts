import { setTimeout as delay } from 'node:timers/promises';
import { openS3Store, type PackId } from '@driftbox/chunk-store';
import { createDatabase } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { createClient, httpTransport, noRetry } from '@driftbox/api-client';
import type { Part } from '../../stack/part.ts';
import type { Stack } from '../../stack/start-stack.ts';
import type { PeopleAtWork } from './people-at-work.ts';

/** Something that really goes wrong on a stack, and the alerts that it must raise, which end when it does. */
export type Fault = {
  readonly what: string;
  readonly alerts: readonly string[];
  begin(): Promise<void>;
  /** Undoes it; resolves when it is undone. */
  end(): Promise<void>;
};

/** Every fault, each enough for its alerts; together they raise every alert but the operator's, of which a stack has none. */
export function faultsOf(stack: Stack, people: PeopleAtWork): readonly Fault[] {
  const { replicas, gateway, backends } = stack;
  const named = (name: string): readonly Part[] => backends.parts.filter((part) => part.name.replace(/-\d+$/, '') === name);
  return [
    // First that whose alerts look back the longest, so that others happen while they end.
    away('every node of MinIO killed', ['DriftBoxPoolFailing', ...burns('Failing')], named('minio')),
    away('every broker of Kafka killed', ['DriftBoxChangesUnheard'], named('kafka')),
    {
      what: 'every process of sync stopped for 0.7 of each 0.8 seconds',
      alerts: ['DriftBoxOverloaded'],
      ...untilEnded((signal) => stutter(replicas.sync, signal)),
    },
    away('every process of share killed', ['DriftBoxPartDown'], replicas.share),
    away('the gateway killed', ['DriftBoxProbeFailing'], [gateway]),
    {
      what: 'wrong passwords for many people',
      alerts: ['DriftBoxSignInsRefused'],
      ...untilEnded((signal) => guessPasswords(stack, signal)),
    },
    {
      what: 'every pack deleted from the bucket behind the back of upload',
      alerts: ['DriftBoxBytesLost'],
      begin: () => losePacks(stack),
      // What is lost stays so; it is over when nobody asks for it any more.
      end: () => people.writeAnew(),
    },
    // Last: most of the others make answers or changes late as well, and its alerts end only when nothing has for six minutes.
    {
      what: 'the table of drives locked for 2 of each 2.2 seconds',
      alerts: burns('Late'),
      ...untilEnded((signal) => lockDrives(stack, signal)),
    },
  ];
}

function burns(kind: string): string[] {
  return ['Fast', 'Steady', 'Creeping'].map((rate) => `DriftBoxJourney${kind}${rate}`);
}

function away(what: string, alerts: readonly string[], parts: readonly Pick<Part, 'kill' | 'start'>[]): Fault {
  return {
    what,
    alerts,
    begin: async () => void (await Promise.all(parts.map((part) => part.kill()))),
    end: async () => void (await Promise.all(parts.map((part) => part.start()))),
  };
}

/** Work that goes on between the beginning and the end of a fault. */
function untilEnded(work: (signal: AbortSignal) => Promise<void>): Pick<Fault, 'begin' | 'end'> {
  const ending = new AbortController();
  let working = Promise.resolve();
  return {
    begin: async () => void (working = work(ending.signal)),
    end: async () => {
      ending.abort();
      await working;
    },
  };
}

/** A process that gets no time is what an overloaded machine, a long collection or a slow disk looks like from outside. */
async function stutter(processes: readonly { pid(): number }[], signal: AbortSignal): Promise<void> {
  const send = (name: NodeJS.Signals): void => processes.forEach((one) => void process.kill(one.pid(), name));
  while (!signal.aborted) {
    send('SIGSTOP');
    await delay(700);
    send('SIGCONT');
    await delay(100);
  }
}

/** As a migration would that takes a lock and keeps it: who works on a drive waits. */
async function lockDrives({ backends }: Stack, signal: AbortSignal): Promise<void> {
  const connectionString = backends.databases('metadata');
  const database = createDatabase({ schema: 'metadata', applicationName: 'fault', connectionString, maxConnections: 1 });
  while (!signal.aborted) {
    const lock = database.systemTransaction(async (tx) => {
      await tx.query('LOCK TABLE drives IN ACCESS EXCLUSIVE MODE');
      await delay(2_000);
    });
    // Who waits for the lock itself may be in its way.
    await lock.catch(() => {});
    await delay(200, undefined, { signal }).catch(() => {});
  }
  await database.close();
}

/** Each for somebody else: for one person the service soon answers that it is too often, which is another outcome. */
async function guessPasswords({ internal, tenant }: Stack, signal: AbortSignal): Promise<void> {
  const transport = httpTransport(internal.auth);
  const client = createClient({ transport, retry: noRetry });
  let count = 0;
  const guess = async (): Promise<void> => {
    while (!signal.aborted) {
      count += 1;
      const body = { email: `nobody${count}@example.com`, password: 'not the password', device: { name: 'x', kind: 'other' as const } };
      const headers = { host: tenant.host, 'x-forwarded-for': `203.0.${Math.floor(count / 250) % 250}.${1 + (count % 250)}` };
      await client.call(routes.logIn, { body, headers }).catch(() => {});
    }
  };
  // Several at once: a password is hashed slowly, and a single one would not be noticed.
  await Promise.all(Array.from({ length: 4 }, guess));
  transport.close();
}

/** Those that are there now: what people write meanwhile stays. */
async function losePacks({ backends }: Stack): Promise<void> {
  const store = await openS3Store(backends.s3);
  try {
    let after: PackId | undefined;
    do {
      const page = await store.list({ limit: 1_000, ...(after === undefined ? {} : { after }) });
      await Promise.all(page.packs.map(({ id }) => store.delete(id)));
      after = page.next;
    } while (after !== undefined);
  } finally {
    store.close();
  }
}
