import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { cellKind, judge, type CellSpec } from '@driftbox/resources';
import type { CellInput } from '../cell/cell-input.ts';
import type { CellObserved } from '../cell/cell-observed.ts';
import { cellRelease, secretsRevision } from '../cell/cell-releases.ts';
import { cellSecrets } from '../cell/cell-secrets.ts';
import { cellFinalizer, type Cell } from '../cell/cell.ts';
import { makeMaster, type Master } from '../cell/master-secret.ts';
import { migrationJob } from '../cell/migration-job.ts';
import { databaseRoles } from '../cell/names.ts';
import { planCell, type CellStep } from '../cell/plan-cell.ts';
import { rotate } from '../cell/rotation.ts';
import { digestOf } from '../owned-namespace.ts';
import { textOf } from '../secret.ts';
import type { Workload } from '../workload.ts';

type Values = Readonly<Record<string, string>>;

/** A pod of the cell: what it was started with, and what its template said of that. */
type Pod = { readonly revision: string; readonly isEnding: boolean; readonly values: Values };

/** A cell with pods, and Jobs that work with its key, as far as its secrets concern them. */
export type RotatingCell = {
  readonly spec: CellSpec;
  /** What runs. */
  readonly version: string;
  readonly token: string | undefined;
  readonly master: Master;
  /** Secrets of its namespace, and what says that all of them are there. */
  readonly secrets: Readonly<Record<string, Values>>;
  readonly base: string;
  /** What the template of its pods says of Secrets. */
  readonly template: string;
  readonly pods: readonly Pod[];
  /** Jobs beside the operator: the key that each began with, and when that was. */
  readonly jobs: readonly { readonly key: string; readonly sinceMs: number }[];
  /** Migrations that have not ended, and what each was started with once it was; one is of long ago. */
  readonly migrations: readonly { readonly name: string; readonly values?: Values }[];
  /** Names of migrations that ended well. */
  readonly migrated: readonly string[];
  /** The passwords that PostgreSQL takes, by role. */
  readonly database: Values;
  /** Those that Redis takes, and whether the operator does not reach it. */
  readonly redis: readonly string[];
  readonly isRedisAway: boolean;
  readonly epochMs: number;
};

const podCount = 3;
const chart = { folder: '', digest: '' };

function specOf(postgres: object): CellSpec {
  const given = { version: '0.2.0', domain: 'files.example.com', pools: ['main'], postgres };
  const judged = judge(cellKind, { apiVersion: 'driftbox.io/v1alpha1', kind: 'Cell', metadata: { name: 'eu' }, spec: given });
  assert(judged.ok);
  return (judged.resource as { readonly spec: CellSpec }).spec;
}

function inputOf({ spec, master }: Pick<RotatingCell, 'spec' | 'master'>): CellInput {
  const place = { endpoint: 'http://s3:9000', bucket: 'b', prefix: '', region: 'r' };
  return {
    name: 'eu',
    spec,
    master,
    keys: { 'keys.json': '{}' },
    version: { version: '0.2.0', images: {}, charts: { 'driftbox-cell': chart, 'driftbox-backends': chart } },
    pool: { pool: 'main', ...place, accessKey: 'a', secretKey: 's', isBundled: false },
    images: { registry: '', pullSecrets: [] },
    operatorNamespace: 'system',
  };
}

function secretsOf(at: Pick<RotatingCell, 'spec' | 'master'>): readonly (readonly [string, Values])[] {
  return cellSecrets(inputOf(at)).map((secret) => [secret.metadata.name, textOf(secret)]);
}

/** A cell that is as it is to be, with as many pods as it is to have; `postgres` as in its spec. */
export function settledCell(postgres: object = { bundled: {} }): RotatingCell {
  const spec = specOf(postgres);
  const master = makeMaster();
  const secrets = Object.fromEntries(secretsOf({ spec, master }));
  const template = secretsRevision(inputOf({ spec, master }));
  const pod = { revision: template, isEnding: false, values: valuesIn(secrets) };
  return {
    spec,
    version: '0.2.0',
    token: undefined,
    master,
    secrets,
    base: digestOf(secretsOf({ spec, master })),
    template,
    pods: Array.from({ length: podCount }, () => pod),
    jobs: [],
    migrations: [{ name: 'migrate-old' }],
    migrated: [migrationJob(inputOf({ spec, master })).metadata.name],
    database: { ...rolesIn(valuesIn(secrets)), postgres: master['postgres-password'] ?? '' },
    redis: redisIn(secrets),
    isRedisAway: false,
    epochMs: Date.UTC(2026, 0, 1),
  };
}

/** What a container that starts now finds, by `SECRET/KEY`. */
function valuesIn(secrets: RotatingCell['secrets']): Values {
  const all = Object.entries(secrets).flatMap(([name, values]) => Object.entries(values).map(([key, value]) => [`${name}/${key}`, value]));
  return Object.fromEntries(all) as Values;
}

/** The passwords that Redis starts with. */
function redisIn({ 'driftbox-redis-password': { password = '', 'other-password': other } = {} }: RotatingCell['secrets']): string[] {
  return other === undefined ? [password] : [password, other];
}

/** Those that the masters want it to take. */
function redisOf(master: Master): string[] {
  return ['redis-password', 'other-redis-password'].flatMap((key) => master[key] ?? []);
}

/** The password in a URL. */
export function passwordIn(url = ''): string {
  return /:([^:@]*)@/.exec(url)?.[1] ?? '';
}

/** The passwords by which services log in first, by role. */
function rolesIn(values: Values): Values {
  return Object.fromEntries(databaseRoles.map((role) => [role, passwordIn(values[`driftbox-databases/${role}`])]));
}

/** What the operator sees of it. */
export function observedOf(at: RotatingCell): CellObserved {
  const { spec, token, master, base, template, pods, jobs, migrations, migrated, epochMs } = at;
  const input = inputOf(at);
  const migration = migrationJob(input).metadata.name;
  const annotations: Values = token === undefined ? {} : { 'driftbox.io/rotate-secrets': token };
  const metadata = { name: 'eu', uid: 'u', generation: 1, finalizers: [cellFinalizer], annotations };
  const cell: Cell = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Cell', metadata, spec };
  const staying = pods.filter(({ isEnding }) => !isEnding);
  const isReady = staying.length === podCount && staying.every(({ revision }) => revision === template);
  const { name: release } = cellRelease(input);
  const backends = ['postgres', 'kafka', 'redis'].map((part) => ({ release: 'eu-backends', name: part, isReady: true, serves: true }));
  const own: Workload = { release, name: 'eu-auth', isReady, serves: true, secrets: template };
  return {
    cell,
    spec,
    faults: [],
    tenants: [],
    upgrade: { kind: 'none' },
    version: input.version,
    versions: ['0.2.0'],
    missing: undefined,
    master,
    namespace: { kind: 'ours', base },
    certificate: 'good',
    inner: 'foreign',
    pool: { isReady: true, message: '' },
    backends: {},
    input,
    base: digestOf(secretsOf(at)),
    migration: migrated.includes(migration) ? 'succeeded' : migrations.some(({ name }) => name === migration) ? 'running' : 'absent',
    workloads: [...backends, own],
    holders: {
      pods: pods.map(({ revision }, n) => ({ name: `eu-auth-${n}`, release, part: 'auth', secrets: revision })),
      migrations: migrations.map(({ name }) => ({ name })),
      before: jobs.flatMap(({ sinceMs }, n) => (sinceMs <= Date.parse(sinceOf(master)) ? [{ name: `backup-${n}` }] : [])),
    },
    redis: at.isRedisAway ? { message: 'it is away' } : isDeepStrictEqual(new Set(at.redis), new Set(redisOf(master))) ? 'current' : 'due',
    isDeep: false,
    epochMs,
  };
}

function sinceOf(master: Master): string {
  return (JSON.parse(master['rotation'] ?? '{}') as { readonly since?: string }).since ?? '';
}

type Act = (at: RotatingCell) => RotatingCell;

/** What a step writes, one object after another: a process may end between any two. */
function actsOf(step: CellStep, { input, master }: CellObserved, newSecret: () => string): readonly Act[] {
  assert(input !== undefined && master !== undefined);
  const secrets = secretsOf(input);
  switch (step) {
    case 'makeBase':
      return [
        ...secrets.map(([name, values]): Act => (at) => ({ ...at, secrets: { ...at.secrets, [name]: values } })),
        (at) => ({ ...at, base: digestOf(secrets) }),
      ];
    case 'migrate':
      return [(at) => ({ ...at, migrations: [...at.migrations, { name: migrationJob(input).metadata.name }] })];
    case 'tellRedis':
      return [(at) => ({ ...at, redis: redisOf(master) })];
    case 'releaseServices':
      return [(at) => ({ ...at, template: secretsRevision(input) })];
    case 'rotate':
      return [
        (at) => ({
          ...at,
          master: rotate(master, { now: new Date(at.epochMs).toISOString(), token: at.token, version: at.version, newSecret }),
        }),
      ];
    default:
      return [];
  }
}

/** Each state that a pass leads through; it is cut off after so many writes. */
export function passOver(at: RotatingCell, newSecret: () => string, mostWrites = Infinity): RotatingCell[] {
  const observed = observedOf(at);
  const acts = (planCell(observed)?.steps ?? []).flatMap((step) => actsOf(step, observed, newSecret));
  const states: RotatingCell[] = [];
  for (const act of acts.slice(0, mostWrites)) states.push(act(states.at(-1) ?? { ...at, epochMs: at.epochMs + 1 }));
  return states;
}

/** What the cluster does to pods: one more of the template, then one of before on its way out; a container that starts again. */
export const clusterActs = {
  roll(at: RotatingCell): RotatingCell {
    const old = at.pods.findIndex(({ revision, isEnding }) => !isEnding && revision !== at.template);
    if (old < 0) return at;
    if (at.pods.filter(({ isEnding }) => !isEnding).length <= podCount)
      return { ...at, pods: [...at.pods, { revision: at.template, isEnding: false, values: valuesIn(at.secrets) }] };
    return { ...at, pods: at.pods.map((pod, n) => (n === old ? { ...pod, isEnding: true } : pod)) };
  },
  leave: (at: RotatingCell): RotatingCell => {
    const first = at.pods.findIndex(({ isEnding }) => isEnding);
    return { ...at, pods: at.pods.filter((_, n) => n !== first) };
  },
  restart: (at: RotatingCell): RotatingCell => {
    const [first, ...others] = at.pods;
    return first === undefined ? at : { ...at, pods: [...others, { ...first, values: valuesIn(at.secrets) }] };
  },
  jobBegins: (at: RotatingCell): RotatingCell =>
    at.jobs.length > 3 ? at : { ...at, jobs: [...at.jobs, { key: at.master['service-key'] ?? '', sinceMs: at.epochMs }] },
  migrationBegins: (at: RotatingCell): RotatingCell => {
    const first = at.migrations.findIndex(({ values }) => values === undefined);
    return { ...at, migrations: at.migrations.map((one, n) => (n === first ? { ...one, values: valuesIn(at.secrets) } : one)) };
  },
  /** It writes at its very end what it had at its begin. */
  migrationEnds: (at: RotatingCell): RotatingCell => {
    const ended = at.migrations.find(({ values }) => values !== undefined);
    if (ended?.values === undefined) return at;
    const { values } = ended;
    const isAdminReplaced = values['driftbox-postgres/other-password'] !== undefined;
    const postgres = isAdminReplaced ? passwordIn(values['driftbox-postgres/admin-url']) : (at.database['postgres'] ?? '');
    const migrations = at.migrations.filter((one) => one !== ended);
    return { ...at, migrations, migrated: [...at.migrated, ended.name], database: { ...rolesIn(values), postgres } };
  },
  /** CloudNativePG gives the administrator the password that its Secret has; where it runs nothing there is none. */
  follow: (at: RotatingCell): RotatingCell => {
    const { password } = at.secrets['driftbox-postgres-login'] ?? {};
    return password === undefined ? at : { ...at, database: { ...at.database, postgres: password } };
  },
  /** From where the operator is; or it comes back. */
  redisGoes: (at: RotatingCell): RotatingCell => ({ ...at, isRedisAway: !at.isRedisAway }),
  redisRestarts: (at: RotatingCell): RotatingCell => ({ ...at, redis: redisIn(at.secrets) }),
  jobEnds: (at: RotatingCell): RotatingCell => ({ ...at, jobs: at.jobs.slice(1) }),
} as const satisfies Readonly<Record<string, Act>>;
