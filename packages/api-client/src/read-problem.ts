import { Problem, errorCatalogue } from '@driftbox/protocol';
import type { ErrorCode } from '@driftbox/protocol';
import { readBody } from './read-body.ts';
import type { TransportAnswer } from './transport.ts';

const maxProblemBytes = 256 * 2 ** 10;
/** What a proxy in between may answer in its own words, told by the status alone. */
const codeByStatus = new Map<number, ErrorCode>([
  [400, 'invalid_argument'],
  [401, 'unauthenticated'],
  [403, 'permission_denied'],
  [404, 'not_found'],
  [409, 'already_exists'],
  [410, 'cursor_expired'],
  [413, 'too_large'],
  [423, 'locked'],
  [429, 'rate_limited'],
  [502, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
  [507, 'quota_exceeded'],
]);

/** The problem that an answer of status 400 and above tells (RFC 9457), or the nearest one when it is not a problem document. */
export async function readProblem(answer: TransportAnswer): Promise<Problem> {
  const text = await readBody(answer.body, maxProblemBytes).then(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    () => '',
  );
  const retryAfterSeconds = retryAfter(answer.headers['retry-after']);
  const options = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const document = answer.headers['content-type']?.startsWith('application/problem+json') === true ? parseObject(text) : undefined;
  const code = document?.['code'];
  if (document !== undefined && typeof code === 'string' && Object.hasOwn(errorCatalogue, code)) {
    const { detail, details, requestId } = document;
    const known = isObject(details) ? details : {};
    const told = typeof requestId === 'string' ? { ...known, requestId } : known;
    return new Problem(code as ErrorCode, typeof detail === 'string' ? detail : undefined, {
      ...options,
      ...(Object.keys(told).length === 0 ? {} : { details: told }),
    });
  }
  const nearest = codeByStatus.get(answer.status) ?? (answer.status < 500 ? 'invalid_argument' : 'internal');
  return new Problem(nearest, `The server answered ${answer.status} without saying why`, options);
}

/** Seconds to wait, from either form that HTTP allows (RFC 9110 §10.2.3). */
function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
