import type { Refusal, RefusalKind } from './answer.ts';

const kinds: Readonly<Record<number, RefusalKind>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  410: 'gone',
  422: 'invalid',
  429: 'tooManyRequests',
};

/** Nobody is kept away for longer than this, whatever a server asks for. */
const longestRetryAfterMs = 5 * 60_000;

type Status = {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly details?: { readonly retryAfterSeconds?: unknown } | null;
};

/** Makes a refusal of an answer's status, its body (a `Status`, or whatever a proxy wrote) and its Retry-After (RFC 9110, 10.2.3). */
export function readRefusal(code: number, body: string, retryAfter?: string, nowMs = Date.now()): Refusal {
  return refusalOf(parseStatus(body), code, retryAfterMsOf(retryAfter, nowMs));
}

/** The same of a `Status` that came as an event of a watch. */
export function readStatus(status: unknown): Refusal {
  const known = (typeof status === 'object' && status !== null ? status : {}) as Status;
  return refusalOf(known, typeof known.code === 'number' ? known.code : 500, undefined);
}

function refusalOf(status: Status, code: number, headerMs: number | undefined): Refusal {
  const reason = typeof status.reason === 'string' ? status.reason : '';
  const message = typeof status.message === 'string' ? status.message : '';
  const seconds = status.details?.retryAfterSeconds;
  const askedMs = headerMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined);
  const retryAfterMs = askedMs === undefined ? undefined : Math.min(askedMs, longestRetryAfterMs);
  return { kind: kindOf(code, reason), code, reason, message, retryAfterMs };
}

function kindOf(code: number, reason: string): RefusalKind {
  if (code === 409 && reason === 'AlreadyExists') return 'alreadyExists';
  return kinds[code] ?? (code >= 500 ? 'failed' : 'badRequest');
}

function parseStatus(body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Something between us and the server answered in its own words.
  }
  return { message: body.slice(0, 500) };
}

function retryAfterMsOf(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
