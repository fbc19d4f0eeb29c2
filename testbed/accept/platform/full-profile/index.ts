import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { certifyNames, makeAuthority } from '@driftbox/operator';
import { clusterFolder } from '../../../cluster/cluster-folder.ts';
import { kubectl } from '../../../cluster/kubectl.ts';
import { projectFolder } from '../../../src/standalone-process.ts';
import type { Point, Tell } from '../../point.ts';
import { haveTrial, patienceSeconds, type } from '../trial.ts';
import type { Counts, Written } from './write-load.ts';

const namespace = 'driftbox-full';
const inside = ['-n', namespace] as const;
const folder = path.join(clusterFolder(), 'full');
const password = 'of-the-test-alone';
const replicas = { postgres: 2, kafka: 3, minio: 4 } as const;
type Part = keyof typeof replicas;
/** One pod of each: of PostgreSQL the primary, without which nothing is written. */
const lost: readonly (readonly [Part, number])[] = [
  ['kafka', 1],
  ['minio', 2],
  ['postgres', 0],
];
/** Acknowledgements that show that writing goes on. */
const goesOn = 50;

/** The back ends in the size in which one of each may be lost, by TLS as an operator installs them, and who writes to all meanwhile. */
export const fullProfile: Point = {
  number: 10,
  promise: 'PostgreSQL with a standby, three brokers and four nodes of MinIO lose a pod of each: nothing acknowledged is lost',
  async show(tell) {
    await haveTrial(tell);
    await remove();
    try {
      const authority = await install();
      for (const part of Object.keys(replicas) as Part[]) await whole(part);
      tell('all pods are ready, restricted as their namespace asks');
      return await loseEach(authority, tell);
    } finally {
      await remove();
    }
  },
};

async function remove(): Promise<void> {
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=300s']);
}

/**
 * The chart by itself, with smaller requests than it has for people: a test cluster has two processors. Answers the authority that has
 * certified its parts, in PEM.
 */
async function install(): Promise<string> {
  await mkdir(folder, { recursive: true });
  const [images, operator] = await Promise.all(
    ['images.json', 'operator-values.json'].map(async (file) =>
      JSON.parse(await readFile(path.join(projectFolder, '.cache/images', file), 'utf8')),
    ),
  );
  const digests = Object.values(images as Readonly<Record<string, Readonly<Record<string, string>>>>).at(-1) ?? {};
  const sized = (memory: string) => ({ cpu: '20m', memory, storage: '1Gi' });
  const values = {
    imageRegistry: (operator as { readonly imageRegistry: string }).imageRegistry,
    images: Object.fromEntries(['services', 'postgres', 'kafka', 'minio', 'redis'].map((name) => [name, { digest: digests[name] }])),
    profile: 'small',
    minio: { tls: true },
    secrets: { innerTls: 'driftbox-inner-tls' },
    sizes: { postgres: sized('256Mi'), kafka: sized('640Mi'), minio: sized('256Mi'), redis: { cpu: '20m', memory: '64Mi' } },
  };
  await writeFile(path.join(folder, 'values.json'), JSON.stringify(values));
  const labels = ['enforce', 'audit', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
  await kubectl(['create', 'namespace', namespace]);
  await kubectl(['label', 'namespace', namespace, ...labels]);
  const inner = await certify();
  const secrets = {
    'driftbox-postgres': { password },
    'driftbox-minio': { 'root-user': password, 'root-password': password },
    'driftbox-redis-password': { password },
    'driftbox-inner-tls': inner,
  };
  for (const [name, values] of Object.entries(secrets)) {
    const literals = Object.entries(values).map(([key, value]) => `--from-literal=${key}=${value}`);
    await kubectl([...inside, 'create', 'secret', 'generic', name, ...literals]);
  }
  await type(`helm install full charts/driftbox-backends --namespace ${namespace} --values ${path.join(folder, 'values.json')}`);
  return inner['ca.crt'];
}

/** What the parts know one another by, as the chart's `secrets.innerTls` has it. */
async function certify(): Promise<Readonly<Record<string, string>> & { readonly 'ca.crt': string }> {
  const authority = await makeAuthority('full inside', Date.now());
  const names = { postgres: every('postgres'), kafka: every('kafka'), minio: every('minio'), redis: [`full-redis.${namespace}.svc`] };
  const made = Object.entries(names).map(async ([part, of]) => {
    const { certificate, key } = await certifyNames(authority, of, Date.now(), part === 'postgres');
    return { [`${part}.crt`]: certificate, [`${part}.key`]: key };
  });
  return Object.assign({ 'ca.crt': authority.certificate }, ...(await Promise.all(made))) as Awaited<ReturnType<typeof certify>>;
}

/** Waits until all pods of a part are ready. */
async function whole(part: Part): Promise<void> {
  await kubectl([...inside, 'rollout', 'status', `statefulset/full-${part}`, `--timeout=${patienceSeconds}s`]);
}

const nameOf = (part: Part, n: number): string => `full-${part}-${n}.full-${part}.${namespace}.svc`;
const every = (part: Part): readonly string[] => Array.from({ length: replicas[part] }, (_, n) => nameOf(part, n));

/** Where pods are now, for whoever does not ask the cluster's own names. */
async function writeHosts(): Promise<string> {
  const file = path.join(folder, 'hosts');
  const list = await kubectl([...inside, 'get', 'pods', '-o', 'jsonpath={range .items[*]}{.status.podIP} {.metadata.name}{"\\n"}{end}']);
  const lines = list.split('\n').flatMap((line) => {
    const [, ip, name, part] = /^(\S+) (full-(\w+)-\d+)$/.exec(line) ?? [];
    return ip === undefined ? [] : [`${ip} ${name}.full-${part}.${namespace}.svc`];
  });
  // In place: it is mounted over another.
  await writeFile(file, ['127.0.0.1 localhost', ...lines, ''].join('\n'));
  return file;
}

async function loseEach(authority: string, tell: Tell): Promise<{ holds: boolean; figure: string }> {
  const written: Written = {
    authority,
    postgres: { hosts: every('postgres'), password },
    kafka: every('kafka').map((host) => `${host}:9094`),
    minio: { endpoint: `https://${nameOf('minio', 0)}:9000`, accessKey: password, secretKey: password },
  };
  const script = path.join(import.meta.dirname, 'write-load.ts');
  const shell = ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', await writeHosts()];
  const load = spawn('unshare', [...shell, process.execPath, '--no-warnings', script, JSON.stringify(written)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: load.stdout });
  const ask = async (what: 'count' | 'end'): Promise<Counts> => {
    load.stdin.write(`${what}\n`);
    const [line] = (await once(lines, 'line')) as [string];
    return JSON.parse(line) as Counts;
  };
  try {
    const figures: string[] = [];
    for (const [part, n] of lost) {
      await grows(part, ask);
      const startMs = performance.now();
      await kubectl([...inside, 'delete', 'pod', `full-${part}-${n}`, '--grace-period=0', '--force']);
      await grows(part, ask);
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      await whole(part);
      await writeHosts();
      figures.push(`${part} was written to ${seconds} s after full-${part}-${n} was lost`);
      tell(figures.at(-1) ?? '');
    }
    const end = Object.entries(await ask('end'));
    figures.push(...end.map(([part, counts]) => `${part}: ${counts.acknowledged} acknowledged, ${counts.lost} lost`));
    return { holds: end.every(([, counts]) => counts.acknowledged > goesOn && counts.lost === 0), figure: figures.join('\n') };
  } finally {
    load.stdin.end();
    load.kill();
  }
}

/** Waits until more was acknowledged, where pods are by then. */
async function grows(part: Part, ask: (what: 'count') => Promise<Counts>): Promise<void> {
  const before = (await ask('count'))[part].acknowledged;
  for (const giveUpAtMs = performance.now() + patienceSeconds * 1_000; performance.now() < giveUpAtMs; await delay(250)) {
    if ((await ask('count'))[part].acknowledged >= before + goesOn) return;
    await writeHosts();
  }
  throw new Error(`nothing more was acknowledged by ${part}`);
}
