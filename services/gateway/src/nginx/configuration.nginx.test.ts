import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { checkConfiguration } from '../testing/gateway.ts';
import { parseInput, publicServices } from './input.ts';
import { renderConfiguration } from './render-configuration.ts';

const testing = path.join(import.meta.dirname, '../testing');
const tls = { certificate: path.join(testing, 'test-certificate.pem'), key: path.join(testing, 'test-key.pem') };
const address = '127.0.0.1:1';
const upstreams = (count: number) =>
  Object.fromEntries(
    publicServices.map((name) => [name, Array.from({ length: count }, (_, at) => ({ address: `10.0.0.${at + 1}:80`, weight: at + 1 }))]),
  );

test.each<[string, object]>([
  ['the least', { listeners: [{ address, kind: 'plain' }], hosts: [{ names: ['a.test'] }], upstreams: upstreams(1) }],
  [
    'everything',
    {
      listeners: [
        { address: '[::1]:1', kind: 'tls' },
        { address, kind: 'redirect' },
        { address: '127.0.0.1:2', kind: 'plain' },
      ],
      hosts: [
        { names: Array.from({ length: 200 }, (_, at) => `host-${at}.${'long-label-'.repeat(5)}x.example.com`), ...tls },
        { names: ['*.cell.example.com'], ...tls },
      ],
      upstreams: upstreams(50),
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '::1'],
      status: '127.0.0.1:3',
      hstsSeconds: 0,
      workers: 4,
      limits: { addressConnections: 1, addressRequestsPerSecond: 1, openRequestBurst: 1 },
    },
  ],
])('NGINX takes %s without a complaint', async (_what, input) => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'nginx.conf');
  const whole = { folder: folder.path, accessLog: path.join(folder.path, 'access.log'), verify: '127.0.0.1:7500', ...input };
  const user = process.getuid?.() === 0 ? { user: 'root' } : {};
  await writeFile(file, renderConfiguration(parseInput({ ...user, ...whole })));
  expect(checkConfiguration(file)).toBe('');
});
