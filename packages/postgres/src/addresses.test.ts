import { describe, expect, test } from '@jest/globals';
import { Addresses, addressesOf } from './addresses.ts';

describe('the addresses of a connection', () => {
  test.each([
    [
      'postgres://u:p%40w@a:1,b,[::1]:3/db?sslmode=require',
      ['a:1', 'b', '[::1]:3'].map((one) => `postgres://u:p%40w@${one}/db?sslmode=require`),
    ],
    ['postgresql://a,b', ['postgresql://a', 'postgresql://b']],
    ['postgres://u@a:1/db?options=-c%20x,y', ['postgres://u@a:1/db?options=-c%20x,y']],
  ])('%s', (connectionString, expected) => {
    expect(addressesOf({ connectionString }).map((one) => one.connectionString)).toEqual(expected);
  });

  test.each([
    ['a', [['a', 9]]],
    [
      'a:1,b,[::1]:3,[::1]',
      [
        ['a', 1],
        ['b', 9],
        ['::1', 3],
        ['::1', 9],
      ],
    ],
    ['/tmp/a,b', [['/tmp/a,b', 9]]],
  ])('host %s', (host, expected) => {
    expect(addressesOf({ host, port: 9, user: 'u' })).toEqual(expected.map(([name, port]) => ({ host: name, port, user: 'u' })));
  });
});

test('with two passwords each server is there with the one and with the other', () => {
  const text = (one: string, password: string): string => `postgresql://u:${password}@${one}/db?sslmode=require`;
  const connection = { connectionString: text('a:1,b', 'p%40w'), otherPassword: 'q/r' };
  expect(addressesOf(connection)).toEqual(
    ['a:1', 'b'].flatMap((one) => [{ connectionString: text(one, 'p%40w') }, { connectionString: text(one, 'q%2Fr') }]),
  );
  expect(addressesOf({ host: 'a', password: 'one', otherPassword: 'two' }).map((one) => one.password)).toEqual(['one', 'two']);
});

test('a server that fails is passed over once, however many notice, and its turn comes again', () => {
  const addresses = new Addresses({ host: 'a,b,c', port: 1 });
  const first = addresses.current;
  addresses.passOver(first);
  addresses.passOver(first);
  expect(addresses.current.host).toBe('b');
  addresses.passOver(addresses.current);
  addresses.passOver(addresses.current);
  expect(addresses.current).toBe(first);
});
