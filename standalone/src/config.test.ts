import { describe, expect, test } from '@jest/globals';
import { readConfig } from './config.ts';

describe('an address that others reach', () => {
  test('is refused in plain HTTP', () => expect(() => readConfig({ DRIFTBOX_ADDRESS: '0.0.0.0' }, false)).toThrow('in plain'));
  test('is allowed with TLS', () => {
    const env = { DRIFTBOX_ADDRESS: '0.0.0.0', DRIFTBOX_TLS_CERT: 'cert.pem', DRIFTBOX_TLS_KEY: 'key.pem' };
    expect(readConfig(env, false).tls).toEqual({ cert: 'cert.pem', key: 'key.pem' });
  });
  test('is allowed in plain when asked for by name', () => {
    expect(readConfig({ DRIFTBOX_ADDRESS: '0.0.0.0', DRIFTBOX_PLAIN_HTTP: 'true' }, false).tls).toBeUndefined();
  });
});

test('a certificate without its key is refused', () =>
  expect(() => readConfig({ DRIFTBOX_TLS_CERT: 'cert.pem' }, false)).toThrow('belong together'));
test.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('%s needs no TLS', (address) => {
  expect(readConfig({ DRIFTBOX_ADDRESS: address }, false).config.DRIFTBOX_ADDRESS).toBe(address);
});
test('data lies where the user may write and PostgreSQL may enter', () => {
  expect(readConfig({}, true).dataFolder).toBe('/var/lib/driftbox');
  expect(readConfig({ XDG_DATA_HOME: '/home/ada/data' }, false).dataFolder).toBe('/home/ada/data/driftbox');
  expect(readConfig({ DRIFTBOX_DATA: '/srv/files' }, true).dataFolder).toBe('/srv/files');
});
test('all problems are told at once', () => {
  expect(() => readConfig({ DRIFTBOX_PORT: 'eighty', DRIFTBOX_SIGN_UP: 'maybe' }, false)).toThrow(/DRIFTBOX_PORT[^]*DRIFTBOX_SIGN_UP/);
});
