import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { layOut } from './directive.ts';
import { parseInput, publicServices } from './input.ts';
import { renderConfiguration } from './render-configuration.ts';

const replicas = [{ address: '10.0.0.1:8081' }];
const input = {
  folder: '/run/gateway',
  listeners: [{ address: '0.0.0.0:443', kind: 'tls' }],
  hosts: [{ names: ['*.cell.example.com'], certificate: '/tls/tls.crt', key: '/tls/tls.key' }],
  upstreams: Object.fromEntries(publicServices.map((name) => [name, replicas])),
  verify: '127.0.0.1:7500',
};

describe('an input', () => {
  test('needs little: the rest has defaults', () => {
    expect(parseInput(input)).toMatchObject({ errorLevel: 'crit', trustedProxies: [], limits: { addressConnections: 1_000 } });
  });

  test.each<[string, object, RegExp]>([
    ['a name with a directive in it', { hosts: [{ names: ['a.test; return 200'], certificate: '/a', key: '/b' }] }, /hosts.0.names.0/],
    ['a path with a line break', { accessLog: '/var/log/a\nuser root;' }, /accessLog/],
    ['a relative path', { folder: 'run' }, /folder/],
    [
      'an upstream with a space',
      { upstreams: { ...input.upstreams, auth: [{ address: '10.0.0.1:80 backup' }] } },
      /upstreams.auth.0.address/,
    ],
    ['a service without replicas', { upstreams: { ...input.upstreams, upload: [] } }, /upstreams.upload/],
    [
      'a network that is none',
      { trustedProxies: ['10.0.0.0/33', 'all', '10.0.0.0/8/8'] },
      /trustedProxies.0[^]*trustedProxies.1[^]*trustedProxies.2/,
    ],
    ['a setting that is none', { http3: true }, /http3/],
    ['TLS without a certificate', { hosts: [{ names: ['a.test'] }] }, /needs certificate and key/],
    ['a name given twice', { hosts: [...input.hosts, ...input.hosts] }, /named twice/],
    ['a verify that is none', { verify: ['127.0.0.1:7500', 'y z'] }, /verify/],
    ['several mistakes at once', { folder: 'x', verify: 'y' }, /folder[^]*verify/],
  ])('with %s is refused', (_what, changes, expected) => {
    expect(() => parseInput({ ...input, ...changes })).toThrow(expected);
  });

  test('may name several of verify, and all of them are asked', () => {
    const printed = renderConfiguration(parseInput({ ...input, verify: ['127.0.0.1:7500', '127.0.0.1:7501'] }));
    expect(printed).toMatch(/upstream verify \{[^}]*server 127.0.0.1:7500 max_fails=0;\s*server 127.0.0.1:7501 max_fails=0;/);
  });

  test('gives the same configuration each time', () => {
    expect(renderConfiguration(parseInput(input))).toBe(renderConfiguration(parseInput(structuredClone(input))));
  });
});

test('the input in the documentation is a good one, and names every service', () => {
  const page = readFileSync(new URL('../../../../docs/gateway.md', import.meta.url), 'utf8');
  const [, example] = /```json\n([^]*?)```/.exec(page) ?? [];
  expect(parseInput(JSON.parse(example!))).toMatchObject({ verify: ['127.0.0.1:7500'] });
});

test('directives are laid out by their depth', () => {
  expect(layOut(['a;', { header: 'b', lines: ['c;', { header: 'd', lines: [] }] }])).toBe('a;\nb {\n  c;\n  d {\n  }\n}\n');
});
