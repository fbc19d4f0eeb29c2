/** What a `Range` header asks of a representation of `sizeBytes` bytes; `end` is inclusive. */
export type RangeOutcome =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const whole: RangeOutcome = Object.freeze({ kind: 'whole' });
const unsatisfiable: RangeOutcome = Object.freeze({ kind: 'unsatisfiable' });

/**
 * RFC 9110 section 14: one byte range. Other units, malformed headers and several ranges are ignored, as the RFC allows,
 * by sending the whole.
 */
export function parseRange(header: string | undefined, sizeBytes: number): RangeOutcome {
  if (header === undefined) return whole;
  const [, first, last] = /^bytes=[ \t]*([0-9]{0,16})-([0-9]{0,16})[ \t]*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return whole;
  if (first === '') {
    const suffixBytes = Number(last);
    if (suffixBytes === 0 || sizeBytes === 0) return unsatisfiable;
    return { kind: 'part', start: Math.max(0, sizeBytes - suffixBytes), end: sizeBytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return whole;
  if (start >= sizeBytes) return unsatisfiable;
  return { kind: 'part', start, end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}

/** `Content-Range` of a part, or of an unsatisfiable request. */
export function contentRange(outcome: RangeOutcome, sizeBytes: number): string {
  return outcome.kind === 'part' ? `bytes ${outcome.start}-${outcome.end}/${sizeBytes}` : `bytes */${sizeBytes}`;
}
