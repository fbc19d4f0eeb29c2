import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { send, sendRaw } from '../testing/send.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.close());

const raw = (lines: readonly string[], body = ''): Promise<string> =>
  sendRaw(gateway.plain, `${['POST /v1/login HTTP/1.1', 'host: acme.test', 'connection: close', ...lines].join('\r\n')}\r\n\r\n${body}`);
const hidden = 'GET /v1/smuggled HTTP/1.1\r\nhost: acme.test\r\n\r\n';

describe('a body whose length can be read in two ways', () => {
  test.each<[string, string[], string]>([
    ['a length and chunks', ['content-length: 6', 'transfer-encoding: chunked'], `0\r\n\r\n${hidden}`],
    ['two lengths', ['content-length: 0', `content-length: ${hidden.length}`], hidden],
    ['a list of lengths', [`content-length: 0, ${hidden.length}`], hidden],
    ['a signed length', ['content-length: +5'], 'hello'],
    ['an unknown encoding', ['transfer-encoding: gzip, chunked'], `0\r\n\r\n${hidden}`],
    ['chunks twice', ['transfer-encoding: chunked', 'transfer-encoding: identity'], `0\r\n\r\n${hidden}`],
    ['an encoding with a disguise', ['transfer-encoding: xchunked'], `0\r\n\r\n${hidden}`],
    ['a chunk whose size overflows', ['transfer-encoding: chunked'], `fffffffffffffffff\r\n${hidden}`],
    ['a header with a space before its colon', ['content-length : 5'], 'hello'],
  ])('as %s never becomes a second request', async (_what, lines, body) => {
    const text = await raw(lines, body);
    expect(text.match(/^HTTP\/1\.1 /gm) ?? []).toHaveLength(1);
    expect(Object.values(gateway.echoes).some(({ seen }) => seen.some(({ url }) => url.includes('smuggled')))).toBe(false);
    expect(text).not.toContain('smuggled');
  });
});

test('headers that services might take for others do not arrive', async () => {
  const text = await raw(
    [
      'content_length: 5',
      'x_forwarded_for: 203.0.113.9',
      'upgrade: h2c',
      'http2-settings: AAMAAABkAAQCAAAAAAIAAAAA',
      'te: trailers',
      'content-length: 2',
    ],
    '{}',
  );
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  for (const name of ['content_length', 'x_forwarded_for', 'upgrade', '"te"']) expect(text.split('\r\n\r\n')[1]).not.toContain(name);
});

test('a request line or header beyond its limit is refused as a problem', async () => {
  const long = await send(gateway.plain, `/v1/capabilities?q=${'x'.repeat(20_000)}`);
  expect([long.status, long.json.code]).toEqual([413, 'too_large']);
  const header = await send(gateway.plain, '/v1/capabilities', { headers: { cookie: 'x'.repeat(20_000) } });
  expect([header.status, header.json.code]).toEqual([413, 'too_large']);
});

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a version that is none', 'GET / HTTP/9.9\r\nhost: acme.test\r\n\r\n'],
  ['a method that is none', 'GE T / HTTP/1.1\r\nhost: acme.test\r\n\r\n'],
  ['HTTP/1.1 without a host', 'GET /v1/capabilities HTTP/1.1\r\n\r\n'],
  ['a null byte', 'GET /v1/\0capabilities HTTP/1.1\r\nhost: acme.test\r\n\r\n'],
])('%s is refused', async (_what, bytes) => {
  const before = gateway.echoes.auth.seen.length;
  const text = await sendRaw(gateway.plain, bytes);
  expect(text).toMatch(/^(HTTP\/1\.1 (400|404|405|505) |<html>|\{|$)/);
  expect(gateway.echoes.auth.seen.length).toBe(before);
});
