import { Problem, problemDetails, type ErrorCode } from '@driftbox/protocol';
import { block, quoted, type Block, type Directive } from './directive.ts';
import { answerHeaders } from './security-headers.ts';

/** What NGINX itself has to say, as the same documents that services send (docs/errors.md). */
const byStatus: readonly (readonly [statuses: string, code: ErrorCode])[] = [
  ['401', 'unauthenticated'],
  ['404 405', 'not_found'],
  ['413', 'too_large'],
  ['429', 'rate_limited'],
  ['500 502 503 504', 'unavailable'],
];

/** The same for requests whose path NGINX could not read: it cannot lead those to a named location. */
const unread: readonly (readonly [statuses: string, code: ErrorCode])[] = [
  ['400 495 496 497', 'invalid_argument'],
  ['414 494', 'too_large'],
];

/** Begins the paths of problems that are no named locations; reached from within NGINX alone. */
export const problemPrefix = '/problem/';

/** Where refused requests go: `auth_request` turns every refusal but 401 into 403. */
const refusedLocation = '@refused';

function nameOf(code: ErrorCode): string {
  return `@${code}`;
}

/** `error_page` for everything that NGINX answers by itself. Services' own answers pass as they are. */
export function errorPages(): Directive[] {
  return [
    ...byStatus.map(([statuses, code]) => `error_page ${statuses} = ${nameOf(code)};`),
    ...unread.map(([statuses, code]) => `error_page ${statuses} = ${problemPrefix}${code};`),
    `error_page 403 = ${refusedLocation};`,
  ];
}

/** `return` with a problem as its body. */
function answer(code: ErrorCode): string {
  const problem = new Problem(code);
  return `return ${problem.status} ${quoted(JSON.stringify(problemDetails(problem, '$request_id')))};`;
}

function extraHeaders(code: ErrorCode): readonly (readonly [string, string])[] {
  if (code === 'rate_limited' || code === 'unavailable') return [['Retry-After', '$driftbox_retry_after']];
  return code === 'unauthenticated' ? [['WWW-Authenticate', '"Bearer realm=\\"driftbox\\""']] : [];
}

function headersOf(code: ErrorCode, hstsSeconds: number): string[] {
  return answerHeaders(hstsSeconds, [
    ['X-Request-Id', '$request_id'],
    ['Cache-Control', 'no-store'],
    ['X-Content-Type-Options', 'nosniff'],
    ...extraHeaders(code),
  ]);
}

/** The named locations that `errorPages` leads to. */
export function problemLocations(hstsSeconds: number): Block[] {
  const type = 'default_type application/problem+json;';
  const document = (code: ErrorCode): Directive[] => [type, ...headersOf(code, hstsSeconds), answer(code)];
  const locations = [
    ...byStatus.map(([, code]) => block(`location ${nameOf(code)}`, document(code))),
    ...unread.map(([, code]) => block(`location = ${problemPrefix}${code}`, ['internal;', ...document(code)])),
  ];
  const cases = (['rate_limited', 'not_found', 'tenant_suspended'] as const).map((code) =>
    block(`if ($driftbox_refusal = ${code})`, [...headersOf(code, hstsSeconds), answer(code)]),
  );
  // Whatever else verify says, or fails to say, is an outage: nothing passes that was not admitted.
  const otherwise = [...headersOf('unavailable', hstsSeconds), answer('unavailable')];
  return [...locations, block(`location ${refusedLocation}`, [type, ...cases, ...otherwise])];
}
