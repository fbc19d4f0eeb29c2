import pg from 'pg';

const { INT8, TIMESTAMPTZ } = pg.types.builtins;
const parseTimestamp = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date | number;

const inUtc = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/;

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`bigint beyond 2^53: ${text}`);
  return value;
}

/** `timestamptz` as milliseconds since the epoch (fractions of a millisecond cut off; ±Infinity for infinity). */
function parseTimeMs(text: string): number {
  // As a session in UTC writes it, but for years beyond four digits and infinity: then one step takes it, and long lists have many.
  const quick = inUtc.test(text) ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : Number.NaN;
  return Number.isNaN(quick) ? Number(parseTimestamp(text)) : quick;
}

/** How column values become JavaScript: pg's defaults, except that bigint is a checked number and timestamptz is in ms. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === INT8) return parseInteger;
    if (format !== 'binary' && oid === TIMESTAMPTZ) return parseTimeMs;
    return pg.types.getTypeParser(oid, format);
  },
};
