import { expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';

function log(level?: 'info' | 'debug') {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', ...(level && { level }), destination: { write: (text) => void lines.push(text) } });
  return { logger, lines };
}

const secrets = [
  'authorization',
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'cookie',
  'serviceKey',
  'invitation',
];

test.each(secrets)('the value of %s is struck out, at the top and one level below, and all else is there', (name) => {
  const { logger, lines } = log();
  logger.info({ [name]: 'hunter2', tenantId: 't', body: { [name]: 'hunter2', count: 7 } }, 'a line');
  logger.child({ [name]: 'hunter2' }).warn('another');
  expect(lines.join('')).not.toContain('hunter2');
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'info',
    service: 'test',
    msg: 'a line',
    tenantId: 't',
    [name]: '[redacted]',
    body: { [name]: '[redacted]', count: 7 },
  });
  expect(JSON.parse(lines[1]!)).toMatchObject({ level: 'warn', msg: 'another', [name]: '[redacted]' });
});

test('levels are words, and what is below the least is not written', () => {
  const quiet = log();
  quiet.logger.debug('small');
  expect(quiet.lines).toEqual([]);
  const loud = log('debug');
  loud.logger.debug('small');
  expect(JSON.parse(loud.lines[0]!)).toMatchObject({ level: 'debug', msg: 'small' });
});
