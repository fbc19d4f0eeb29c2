import assert from 'node:assert/strict';
import pg from 'pg';

const { INT8, TIMESTAMPTZ } = pg.types.builtins;
const parseTimestamp = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date | number;

function parseInteger(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `bigint beyond 2^53: ${text}`);
  return value;
}

/** `timestamptz` as milliseconds since the epoch (fractions of a millisecond cut off; ±Infinity for infinity). */
function parseTimeMs(text: string): number {
  return Number(parseTimestamp(text));
}

/** How column values become JavaScript: pg's defaults, except that bigint is a checked number and timestamptz is in ms. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === INT8) return parseInteger;
    if (format !== 'binary' && oid === TIMESTAMPTZ) return parseTimeMs;
    return pg.types.getTypeParser(oid, format);
  },
};
