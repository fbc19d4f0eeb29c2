import { expect, test } from '@jest/globals';
import { transitFaults } from './transit-client.ts';

test('settings that cannot work, or would show keys to the network, are named', () => {
  const good = { url: 'https://bao.example.com:8200', mount: 'transit', key: 'driftbox' };
  expect(transitFaults(good)).toEqual([]);
  expect(transitFaults({ ...good, url: 'http://127.0.0.1:8200', mount: 'team/transit' })).toEqual([]);
  for (const url of ['', 'bao:8200', 'ftp://bao', 'http://bao.example.com', 'https://bao/v1', 'https://bao?x=1'])
    expect(transitFaults({ ...good, url })).toHaveLength(1);
  for (const mount of ['', '/transit', 'a//b', 'tran sit', 'transit/']) expect(transitFaults({ ...good, mount })).toHaveLength(1);
  for (const key of ['', 'a/b', 'a b', 'a?']) expect(transitFaults({ ...good, key })).toHaveLength(1);
});
