import { expect, test } from '@jest/globals';
import { backendTrouble } from './backend-trouble.ts';

const failed = (message: string, code = '', more: object = {}): Error => Object.assign(new Error(message), { code, ...more });
const told = (error: unknown, secured: { readonly authoritySecret?: string } = {}): string => {
  const { reason, message } = backendTrouble('spec.redis.external', secured, error);
  return `${reason}: ${message.replace(/^spec\.redis\.external: /, '')}`;
};

test('what a back end of others fails with is told by its kind, and by what is to be done', () => {
  const selfSigned = failed(
    'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  );
  const untrusted = 'Untrusted: its certificate is not trusted: self-signed certificate; ';
  expect(told(selfSigned)).toBe(`${untrusted}authoritySecret is to name its authority`);
  expect(told(selfSigned, { authoritySecret: 'ca' })).toBe(`${untrusted}the Secret ca does not vouch for it`);
  expect(told(failed('certificate has expired', 'CERT_HAS_EXPIRED'))).toBe(
    'Untrusted: its certificate is out of date: certificate has expired',
  );
  expect(told(failed('Host: a. is not b', 'ERR_TLS_CERT_ALTNAME_INVALID'))).toBe(
    'Untrusted: its certificate is for another name: Host: a. is not b',
  );
  const refused = 'Refused: it does not let the cell in: ';
  expect(told(failed('password authentication failed for user "x"', '28P01'))).toContain(`${refused}password`);
  expect(told(failed('WRONGPASS invalid'))).toBe(`${refused}WRONGPASS invalid`);
  expect(told(failed('certificate required', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'))).toBe(`${refused}certificate required`);
  expect(told(failed('SASL failed', '', { name: 'KafkaJSSASLAuthenticationError' }))).toBe(`${refused}SASL failed`);
  const plain = 'Unreachable: it does not speak TLS; tls: false is for a server in plain';
  expect(told(failed('The server does not support SSL connections'))).toBe(plain);
  expect(told(failed('write EPROTO 0A00010B', 'EPROTO'))).toBe(plain);
});

test('the cause of causes is told, its first line alone, and of several addresses the first', () => {
  const refused = failed('connect ECONNREFUSED 127.0.0.1:1\nand more', 'ECONNREFUSED');
  const unavailable = new Error('not available at the moment', { cause: new Error('', { cause: refused }) });
  expect(told(unavailable)).toBe('Unreachable: connect ECONNREFUSED 127.0.0.1:1');
  expect(told(new AggregateError([refused, failed('other')]))).toBe('Unreachable: connect ECONNREFUSED 127.0.0.1:1');
  expect(told(failed('outer', '', { cause: failed('self-signed', 'SELF_SIGNED_CERT_IN_CHAIN') }))).toContain('Untrusted');
  expect(told('gone')).toBe('Unreachable: it does not answer');
  const circular = failed('round');
  circular.cause = circular;
  expect(told(circular)).toBe('Unreachable: round');
});
