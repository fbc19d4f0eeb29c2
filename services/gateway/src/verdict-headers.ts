import type { Verdict } from './verdict.ts';

/** Where NGINX asks. */
export const verifyPath = '/verify';

/** How a verdict's parts are called between verify and NGINX. */
export const headerNames = {
  tenant: 'driftbox-tenant',
  user: 'driftbox-user',
  exchanged: 'driftbox-authorization',
  refusal: 'driftbox-refusal',
  retryAfter: 'driftbox-retry-after',
} as const;

/** A verdict as headers of the answer to NGINX. */
export function verdictHeaders(verdict: Verdict): Record<string, string> {
  if (verdict.kind === 'admitted') {
    const { tenantId, userId, exchanged } = verdict;
    return {
      [headerNames.tenant]: tenantId,
      [headerNames.user]: userId,
      ...(exchanged === undefined ? {} : { [headerNames.exchanged]: exchanged }),
    };
  }
  const { code, retryAfterSeconds } = verdict;
  return {
    [headerNames.refusal]: code,
    ...(retryAfterSeconds === undefined ? {} : { [headerNames.retryAfter]: String(retryAfterSeconds) }),
  };
}
