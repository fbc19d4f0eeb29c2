import { expect, test } from '@jest/globals';
import { mayReach, parseNetworks } from './check-address.ts';

const none = parseNetworks('');

test.each(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])('%s is public', (address) => {
  expect(mayReach(address, none)).toBe(true);
});

test.each([
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.3.4'],
  ['loopback', '::1'],
  ['loopback as IPv6', '::ffff:127.0.0.1'],
  ['this host', '0.0.0.0'],
  ['this host', '::'],
  ['private', '10.0.0.1'],
  ['private', '172.16.5.4'],
  ['private', '192.168.1.1'],
  ['private as IPv6', '::ffff:10.0.0.1'],
  ['unique local', 'fd12:3456::1'],
  ['link-local, where clouds tell secrets', '169.254.169.254'],
  ['link-local', 'fe80::1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['for documentation', '192.0.2.1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:4136:e378::1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['no address', 'localhost'],
])('what is %s, %s, is not', (_, address) => {
  expect(mayReach(address, none)).toBe(false);
});

test('a network that the administrator names is reached, and its neighbours are not', () => {
  const networks = parseNetworks('10.1.0.0/16, fd00::/8');
  expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1'].map((one) => mayReach(one, networks))).toEqual([true, true, true]);
  expect(['10.2.0.1', '127.0.0.1', 'fe80::1'].map((one) => mayReach(one, networks))).toEqual([false, false, false]);
  for (const wrong of ['here', '10.0.0.1', '10.0.0.0/33', 'fd00::/129'])
    expect(() => parseNetworks(`10.1.0.0/16,${wrong}`)).toThrow(`${wrong} is not a network`);
});
