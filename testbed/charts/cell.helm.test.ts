import { appendFile, cp } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '@driftbox/service-kit';
import { temporaryFolder } from '@driftbox/testkit';
import { printConfiguration } from '../src/print-gateway.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { configTableOf } from './config-tables.ts';
import { containersOf, selects, workloadsOf, type ChartObject, type Container } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf, samples, type Sample } from './samples.ts';

const chart = 'driftbox-cell';
const cells = samples.filter((sample) => sample.chart === chart);
/** Containers, and the services whose settings they take. */
const programs = {
  auth: 'auth',
  metadata: 'metadata',
  upload: 'upload',
  sync: 'sync',
  share: 'share',
  notification: 'notification',
  verify: 'gateway',
  probe: 'probe',
};
/** What Secrets hold in a form of its own. */
const secretTexts: Readonly<Record<string, string>> = { url: 'redis://redis:6379', headers: 'authorization=secret' };

/** What Secrets would hold: long enough for every key, and a URL where one is wanted. */
function environmentOf({ env = [] }: Container): Record<string, string> {
  const secretOf = (key: string): string => secretTexts[key] ?? `of ${key} `.repeat(8);
  return Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? secretOf(valueFrom?.secretKeyRef?.key ?? '')]));
}

function hasInnerTls({ values }: Sample): boolean {
  return 'secrets' in values && values.secrets !== undefined && 'innerTls' in values.secrets;
}

function containerOf(objects: readonly ChartObject[], name: string): Container {
  const found = workloadsOf(objects)
    .flatMap(({ pod }) => containersOf(pod))
    .find((one) => one.name === name);
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}

describe.each(cells.map((sample): [string, Sample] => [sample.name, sample]))('%s', (_, sample) => {
  let objects: ChartObject[];
  beforeAll(async () => {
    objects = await renderChart(sample);
  });

  test('every program takes its settings, and knows each of them', async () => {
    const isProbed = workloadsOf(objects).some(({ object }) => object.metadata.name === 'cell-probe');
    for (const [name, service] of Object.entries(programs).filter(([name]) => name !== 'probe' || isProbed)) {
      const table = await configTableOf(service);
      const env = environmentOf(containerOf(objects, name));
      expect(Object.keys(env).filter((setting) => !(setting in table) && setting !== 'NODE_EXTRA_CA_CERTS')).toEqual([]);
      expect(() => loadConfig(table, env)).not.toThrow();
    }
  });

  test('the gateway prints a configuration from its input', async () => {
    const input = objects.find((one) => one.kind === 'ConfigMap' && one.metadata.name === 'cell-gateway')?.data?.['gateway.json'] ?? '';
    const printed = await printConfiguration(JSON.parse(input) as object);
    for (const service of ['auth', 'metadata', 'upload', 'sync', 'share', 'notification'])
      expect(printed).toContain(`server cell-${service}:${hasInnerTls(sample) ? 8443 : 8080} `);
    const listening = new Set([...printed.matchAll(/listen 0\.0\.0\.0:(\d+)/g)].map(([, port]) => Number(port)));
    const ports = containerOf(objects, 'nginx').ports?.map(({ containerPort }) => containerPort);
    expect([...listening].sort()).toEqual(ports?.toSorted());
  });

  test('registry and pull secrets reach every pod', () => {
    const { imageRegistry = '', imagePullSecrets = [] } = sample.values;
    for (const { pod } of workloadsOf(objects)) {
      expect(pod.imagePullSecrets ?? []).toEqual(imagePullSecrets.map((name) => ({ name })));
      for (const { image } of containersOf(pod))
        expect(image.startsWith(imageRegistry === '' ? 'driftbox/' : `${imageRegistry}/driftbox/`)).toBe(true);
    }
  });
});

test('TLS inside: each part mounts its own key, is asked by TLS, and knows the others by the authority alone', async () => {
  const objects = await renderChart(sampleOf(chart, 'tiny, scaling, with figures, traces and a probe'));
  const shown = {
    DRIFTBOX_TLS_CERTIFICATE_FILE: '/etc/driftbox/inner-tls/tls.crt',
    DRIFTBOX_TLS_KEY_FILE: '/etc/driftbox/inner-tls/tls.key',
  };
  const others = { DRIFTBOX_TLS_AUTHORITY_FILE: '/etc/driftbox/inner-tls/ca.crt' };
  const tlsOf = (name: string) =>
    Object.fromEntries(
      Object.entries(environmentOf(containerOf(objects, name))).filter(([name]) => /^DRIFTBOX_TLS_.*(FILE|AWAITS)$/.test(name)),
    );
  expect(tlsOf('auth')).toEqual(shown);
  expect(tlsOf('probe')).toEqual(shown);
  expect(tlsOf('sync')).toEqual({ ...shown, ...others, DRIFTBOX_TLS_AWAITS: 'cell-auth:9443/9090,cell-metadata:9443/9090' });
  const awaited = ['auth', 'metadata', 'notification', 'share', 'sync', 'upload'].map((service) => `cell-${service}:8443/8080`);
  const ofVerify = [...awaited, 'cell-auth:9443/9090', 'cell-metadata:9443/9090'].join(',');
  expect(tlsOf('verify')).toEqual({ ...shown, ...others, DRIFTBOX_TLS_AWAITS: ofVerify });
  expect(environmentOf(containerOf(objects, 'share'))['DRIFTBOX_UPLOAD_URL']).toBe('https://cell-upload:9443');
  const authority = others.DRIFTBOX_TLS_AUTHORITY_FILE;
  expect(environmentOf(containerOf(objects, 'metadata'))).toMatchObject({
    DRIFTBOX_DATABASE_AUTHORITY_FILE: authority,
    DRIFTBOX_KAFKA_TLS: 'true',
    DRIFTBOX_KAFKA_AUTHORITY_FILE: authority,
    DRIFTBOX_REDIS_AUTHORITY_FILE: authority,
  });
  for (const { object, pod } of workloadsOf(objects)) {
    const part = object.metadata.name.slice('cell-'.length);
    const keys = (pod.volumes ?? []).flatMap(({ secret }) => (secret?.secretName === 'inner' ? [secret.items?.map(({ key }) => key)] : []));
    const own = [`${part}.crt`, `${part}.key`, 'ca.crt'];
    expect(keys.map((one) => one?.toSorted())).toEqual(
      part === 'gateway' ? [['ca.crt', ...own.slice(0, 2)], ['ca.crt']] : [own.toSorted()],
    );
    for (const { readinessProbe, livenessProbe } of containersOf(pod).filter(
      ({ name }) => name !== 'nginx' && name !== 'print-configuration',
    ))
      for (const probe of [readinessProbe, livenessProbe]) expect(probe?.httpGet).toMatchObject({ port: 'internal-tls', scheme: 'HTTPS' });
  }
  const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor');
  expect(monitors.length).toBe(8);
  for (const { metadata, spec } of monitors)
    expect(spec?.endpoints).toMatchObject([
      { port: 'internal-tls', scheme: 'https', tlsConfig: { ca: { secret: { name: 'inner', key: 'ca.crt' } }, serverName: metadata.name } },
    ]);
});

test.each([
  ['without TLS inside', {}, [[8080], [9090]]],
  [
    'with it',
    { innerTls: 'inner' },
    [
      [8080, 8443],
      [9090, 9443],
    ],
  ],
])('who calls whom is what the policies allow, %s', async (_, secrets, doors: readonly (readonly number[])[]) => {
  const sample = sampleOf(chart, 'small');
  const clients = [{ ipBlock: { cidr: '10.20.0.0/16' } }];
  const objects = await renderChart({
    ...sample,
    values: { ...sample.values, secrets, probe: { enabled: true }, networkPolicy: { clients } },
  });
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const labelsOf = (name: string) => workloadsOf(objects).find(({ object }) => object.metadata.name === `cell-${name}`)?.labels;
  const reaches = (from: string, to: string, port: number): boolean => {
    const isPeer = (labels: object | undefined, peer: { podSelector?: { matchLabels?: Record<string, string> } }): boolean =>
      peer.podSelector?.matchLabels !== undefined && selects(peer.podSelector.matchLabels, labels as Record<string, string>);
    const own = (name: string) => policies.filter(({ spec }) => selects(spec?.podSelector?.matchLabels, labelsOf(name)));
    const out = own(from).some(({ spec }) =>
      spec?.egress?.some(
        ({ to: peers = [], ports = [] }) => peers.some((peer) => isPeer(labelsOf(to), peer)) && ports.some((one) => one.port === port),
      ),
    );
    const into = own(to).some(({ spec }) =>
      spec?.ingress?.some(
        ({ from: peers = [], ports = [] }) => peers.some((peer) => isPeer(labelsOf(from), peer)) && ports.some((one) => one.port === port),
      ),
    );
    return out && into;
  };
  const parts = ['gateway', 'auth', 'metadata', 'upload', 'sync', 'share', 'notification'];
  const reached = (from: string, to: string): number[] => [8080, 8443, 9090, 9443].filter((port) => reaches(from, to, port));
  const calls = parts.flatMap((from) => parts.map((to) => [from, to, reached(from, to)] as const));
  // Nobody may come to one of the ports of a door and not to the other.
  const found = calls.flatMap(([from, to, ports]) => {
    const open = doors.filter((door) => door.some((port) => ports.includes(port)));
    expect(open.flat()).toEqual(ports);
    return open.map(([port]) => `${from} ${to} ${port}`);
  });
  const fromGateway = [
    'auth 8080',
    'auth 9090',
    'metadata 8080',
    'metadata 9090',
    'upload 8080',
    'sync 8080',
    'share 8080',
    'notification 8080',
  ];
  const among = ['metadata auth 9090', 'upload auth 9090', 'upload metadata 9090', 'sync auth 9090', 'sync metadata 9090'].concat([
    'share auth 9090',
    'share metadata 9090',
    'share upload 9090',
    'notification auth 9090',
    'notification metadata 9090',
  ]);
  expect(found).toEqual([...fromGateway.map((rest) => `gateway ${rest}`), ...among]);
  expect([8080, 8443].filter((port) => reaches('probe', 'gateway', port))).toEqual([8080, 8443]);
});

test('keys that OpenBao holds are asked for by upload, with a token and an authority that are mounted', async () => {
  const objects = await renderChart(sampleOf(chart, 'keys in OpenBao'));
  const { env = [] } = containerOf(objects, 'upload');
  const values = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  expect(Object.fromEntries(Object.entries(values).filter(([name]) => /TRANSIT|KEY_FILE|EXTRA_CA/.test(name)))).toEqual({
    DRIFTBOX_TRANSIT_URL: 'https://bao.example.com:8200',
    DRIFTBOX_TRANSIT_MOUNT: 'team/transit',
    DRIFTBOX_TRANSIT_KEY: 'eu',
    DRIFTBOX_TRANSIT_TOKEN_FILE: '/etc/driftbox/keys/token',
    DRIFTBOX_TRANSIT_NAMESPACE: 'team',
    NODE_EXTRA_CA_CERTS: '/etc/driftbox/authorities/ca.crt',
  });
  const policy = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'cell-upload');
  expect(policy?.spec?.egress).toContainEqual({ ports: [{ port: 8200 }], to: [{ ipBlock: { cidr: '10.20.0.0/16' } }] });
  const plain = containerOf(await renderChart(sampleOf(chart, 'small')), 'upload').env?.map(({ name }) => name);
  expect(plain).toContain('DRIFTBOX_KEY_FILE');
  expect(plain).not.toContain('DRIFTBOX_TRANSIT_URL');
});

test('a probe asks where people of its tenant do, and trusts what they were told to', async () => {
  const sample = sampleOf(chart, 'tiny, scaling, with figures, traces and a probe');
  const probe = containerOf(
    await renderChart({ ...sample, values: { ...sample.values, publicUrl: 'https://files.example.com:8443' } }),
    'probe',
  );
  expect(environmentOf(probe)).toMatchObject({
    DRIFTBOX_PROBE_URL: 'https://probe.example.com:8443',
    NODE_EXTRA_CA_CERTS: '/etc/driftbox/authorities/ca.crt',
  });
  expect(probe.volumeMounts).toContainEqual({ name: 'authorities', mountPath: '/etc/driftbox/authorities', readOnly: true });
});

test('traces of a cell say by its namespace whose they are', async () => {
  const objects = await renderChart(sampleOf(chart, 'tiny, scaling, with figures, traces and a probe'));
  for (const name of ['auth', 'verify'])
    expect(environmentOf(containerOf(objects, name))['OTEL_RESOURCE_ATTRIBUTES']).toMatch(/^k8s\.namespace\.name=[a-z0-9-]+$/);
});

test('a mirror is opened by upload alone, with keys of its own, and may be reached', async () => {
  const objects = await renderChart(sampleOf(chart, 'a mirror of the pool'));
  const mirrorOf = (container: string) => containerOf(objects, container).env?.filter(({ name }) => name.startsWith('DRIFTBOX_MIRROR_'));
  const keyOf = (key: string) => ({ secretKeyRef: { name: 'driftbox-s3', key } });
  expect(mirrorOf('upload')).toEqual([
    { name: 'DRIFTBOX_MIRROR_S3_ENDPOINT', value: 'https://s3.example.com:9443' },
    { name: 'DRIFTBOX_MIRROR_S3_BUCKET', value: 'second' },
    { name: 'DRIFTBOX_MIRROR_S3_PREFIX', value: 'eu/packs/' },
    { name: 'DRIFTBOX_MIRROR_S3_REGION', value: 'eu-central-1' },
    { name: 'DRIFTBOX_MIRROR_S3_ACCESS_KEY', valueFrom: keyOf('mirror-access-key') },
    { name: 'DRIFTBOX_MIRROR_S3_SECRET_KEY', valueFrom: keyOf('mirror-secret-key') },
  ]);
  expect(mirrorOf('metadata')).toEqual([]);
  const policy = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'cell-upload');
  expect(policy?.spec?.egress).toContainEqual({ ports: [{ port: 9443 }], to: [{ ipBlock: { cidr: '10.20.0.0/16' } }] });
});

test.each([
  ['external back ends, mail, a private registry', '72h', 259_200_000],
  ['small', '0h', 0],
] as const)('%s: the pool goes back as far as the database, %s', async (sample, value, means) => {
  const settings = environmentOf(containerOf(await renderChart(sampleOf(chart, sample)), 'upload'));
  expect(settings['DRIFTBOX_RECOVER_WITHIN']).toBe(value);
  expect(loadConfig(await configTableOf('upload'), settings).config).toMatchObject({ DRIFTBOX_RECOVER_WITHIN: means });
});

test('another service is one line', async () => {
  await using folder = await temporaryFolder();
  await cp(path.join(projectFolder, 'charts'), folder.path, { recursive: true, verbatimSymlinks: true });
  const copy = path.join(folder.path, chart);
  await appendFile(path.join(copy, 'files/services.yaml'), 'search: { prefix: DRIFTBOX_SEARCH, uses: [database, kafka, metadata] }\n');
  // The last profile of the file is the large one.
  const sizes = { replicas: 2, most: 4, cpu: '10m', memory: '64Mi', cpuLimit: '1', memoryLimit: '128Mi', connections: 4 };
  const before = await renderChart(sampleOf(chart, 'large, scaling'));
  const { values } = sampleOf(chart, 'large, scaling');
  await appendFile(path.join(copy, 'files/profiles.yaml'), `  search: ${JSON.stringify(sizes)}\n`);
  const after = await renderChart({ chart, folder: copy, values });
  const added = after.filter((one) => !before.some((other) => other.kind === one.kind && other.metadata.name === one.metadata.name));
  expect(added.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual(
    ['Deployment', 'HorizontalPodAutoscaler', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'].map((kind) => `${kind} cell-search`),
  );
});
