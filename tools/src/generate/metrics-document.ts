import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { caches, queues } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import type { GeneratedDocument } from './document.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** A module that registers metrics, by the functions of it that do. */
type Source = { readonly title: string; readonly files: readonly string[]; readonly functions: RegExp };

/** As prom-client keeps a metric; its own type leaves the labels out. */
type Described = { readonly name: string; readonly help: string; readonly type: string; readonly labelNames?: readonly string[] };

function sources(): Source[] {
  const services = readdirSync(path.join(root, 'services')).sort();
  const operator = 'operator/src';
  const kinds = readdirSync(path.join(root, operator), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('-metrics.ts'),
  );
  const found = [
    {
      title: 'Every service',
      files: [
        'metrics.ts',
        'watch-outbox.ts',
        'watch-queue.ts',
        'count-lookups.ts',
        'count-lost-lines.ts',
        'count-dead-letters.ts',
        'round-metrics.ts',
        'database-metrics.ts',
      ].map((file) => `packages/service-kit/src/${file}`),
    },
    { title: 'Pools', files: ['packages/chunk-store/src/metered.ts'] },
    ...services.map((name) => ({ title: name, files: metricsIn(`services/${name}/src`) })),
    { title: 'Operator', files: kinds.sort().map((file) => `${operator}/${file}`) },
  ];
  return found
    .map(({ title, files }) => ({ title, files: files.filter((file) => existsSync(path.join(root, file))) }))
    .filter(({ files }) => files.length > 0)
    .map((source) => ({
      ...source,
      functions: /^(create\w*Metrics|watchOutbox|watchQueue|countLookups|countLostLines|countDeadLetters|metered)$/,
    }));
}

function metricsIn(folder: string): string[] {
  const files = readdirSync(path.join(root, folder)).filter((file) => /^(\w+-)?metrics\.ts$/.test(file));
  return files.sort().map((file) => `${folder}/${file}`);
}

/** `docs/metrics.md`: every metric, from the registrations themselves. */
export const metricsDocument: GeneratedDocument = {
  path: 'docs/metrics.md',
  build: async () => {
    const sections: string[] = [];
    const listed = new Set<string>();
    for (const source of sources()) sections.push(await describe(source, listed));
    return [
      '# Metrics',
      '<!-- Generated from the modules that register them by `npm run generate`. -->',
      '',
      'Each program answers `/metrics` on its internal port, which the gateway does not reach. Names end with their unit; a histogram',
      'is read by `_bucket`, `_sum` and `_count`. Labels have few values: never an id, an address or the name of a file, but for the few',
      'tenants that `DRIFTBOX_METRICS_TENANTS` names. Besides these',
      'there is what prom-client tells of every Node process, `process_*` and `nodejs_*`: memory, CPU, open files, garbage collection,',
      'and how late the event loop is.',
      '',
      ...sections,
      ...names('Queues', 'What waits in which queue, by the label `queue`.', queues),
      ...names('Caches', 'What is kept in which cache, by the label `cache`.', caches),
    ].join('\n');
  },
};

function names(title: string, about: string, all: Readonly<Record<string, string>>): string[] {
  return [`## ${title}`, about, '', ...Object.entries(all).map(([name, meaning]) => `- \`${name}\`: ${meaning}`), ''];
}

/** What a module registers besides what is `listed` already, to which it is added. */
async function describe({ title, files, functions }: Source, listed: Set<string>): Promise<string> {
  const registry = new Registry();
  for (const file of files) {
    const module = (await import(pathToFileURL(path.join(root, file)).href)) as Record<string, unknown>;
    const register = Object.entries(module).find(([name, value]) => functions.test(name) && typeof value === 'function')?.[1];
    if (register === undefined) throw new Error(`${file} exports no function that registers metrics`);
    registerIn(registry, file, register as (...given: unknown[]) => unknown);
  }
  const metrics = registry.getMetricsAsArray() as unknown as readonly Described[];
  const fresh = metrics.filter(({ name }) => !listed.has(name));
  for (const { name } of fresh) listed.add(name);
  const rows = fresh.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(row);
  return [`## ${title}`, '| metric | type | labels | |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** Nothing is read while a metric is registered: what it would be read from need not exist. */
function registerIn(registry: Registry, file: string, register: (...given: unknown[]) => unknown): void {
  const nothing: unknown = new Proxy(() => 0, { get: () => nothing });
  if (file.endsWith('metered.ts')) register(nothing, { registry, pool: 'any' });
  else if (/service-kit/.test(file)) register(registry, 'any', nothing);
  else register(registry, nothing);
}

function row({ name, type, labelNames = [], help }: Described): string {
  const labels = labelNames.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${labels} | ${help.replaceAll('|', '\\|')} |`;
}
