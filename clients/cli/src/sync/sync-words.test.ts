import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../exit-codes.ts';
import { parseRate } from './parse-rate.ts';
import { showDeed, showState } from './sync-talk.ts';
import { systemdUnit } from './systemd-unit.ts';

describe('rates', () => {
  test.each([
    ['100', 100],
    ['500k', 512_000],
    ['2M', 2 * 2 ** 20],
    ['1.5g', 1.5 * 2 ** 30],
  ])('%s is a rate', (text, perSecond) => expect(parseRate(text)).toBe(perSecond));
  test.each(['', '0', '-1', '1 M', 'fast', '1x'])('%j is none', (text) => expect(() => parseRate(text)).toThrow(UsageError));
  test('none is no limit', () => expect(parseRate(undefined)).toBeUndefined());
});

test('deeds and states are told in one line, with nothing that a terminal obeys', () => {
  expect(showDeed({ deed: 'sent', side: 'server', path: 'a\u001b[31m', sizeBytes: 2048 })).toBe('-> sent       a\\u{1b}[31m  (2.0 KiB)');
  expect(showDeed({ deed: 'moved', side: 'here', path: 'b', detail: 'a' })).toBe('<- moved      b  (from a)');
  expect(showState({ state: 'offline', reason: 'no answer', waiting: [] })).toBe('Offline: no answer');
});

test('a unit quotes what systemd would read as its own', () => {
  const unit = systemdUnit('/home/a/My "Box" 100% $HOME', ['/usr/bin/node', '/opt/driftbox'], 9).join('\n');
  expect(unit).toContain('ExecStart="/usr/bin/node" "/opt/driftbox" "sync" "/home/a/My \\"Box\\" 100%% $$HOME"');
  expect(unit).toContain('RestartPreventExitStatus=9');
});
