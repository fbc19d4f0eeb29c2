import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { Counter } from 'k6/metrics';
import { plan } from './given-plan.ts';
import type { Phase } from './plan.ts';

/** One request: to which route, and with what. */
export type Sent = {
  /** The name of the route table, by which the request is counted. */
  readonly route: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly accessToken?: string;
  readonly body?: string | ArrayBuffer;
  readonly contentType?: string;
  /** Besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For answers that are bytes. */
  readonly binary?: boolean;
};

type Answer = RefinedResponse<'text'> | RefinedResponse<'binary'>;

const failures = new Counter('failed_requests');

/** Sends a request once: no retries, so that what a user would feel is counted. Answers what came, if it was a success. */
export function send({
  route,
  method,
  path,
  accessToken,
  body,
  contentType = 'application/json',
  headers = {},
  binary,
}: Sent): Answer | undefined {
  const tags = plan.routes[route];
  if (tags === undefined) throw new Error(`the plan does not know the route ${route}`);
  const answer = http.request(method, `${plan.address}${path}`, body ?? null, {
    headers: {
      ...headers,
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(body === undefined ? {} : { 'content-type': contentType }),
      // As clients do, so that the server keeps answers by it.
      ...(method === 'GET' || accessToken === undefined ? {} : { 'idempotency-key': globalThis.crypto.randomUUID() }),
    },
    tags: { name: route, ...tags, ...phaseTag() },
    responseType: binary === true ? 'binary' : 'text',
    redirects: 0,
    timeout: '30s',
  }) as Answer;
  if (answer.status >= 200 && answer.status < 400) return answer;
  countFailure(route, `${answer.status} ${answer.error}`);
  return undefined;
}

function phaseTag(): { readonly phase?: Phase } {
  if (plan.neighbour === undefined) return {};
  const [alone, beside] = plan.neighbour.phaseAfterSeconds;
  const seconds = exec.instance.currentTestRunDuration / 1000;
  return { phase: seconds < alone ? 'warm' : seconds < beside ? 'alone' : 'beside' };
}

/** For an answer that says success and is not what was asked for. */
export function countFailure(route: string, why: string): void {
  failures.add(1);
  console.error(`failed: ${route}: ${why}`);
}

/** The JSON of a successful answer. */
export function jsonOf<Json>(answer: Answer): Json {
  return answer.json() as unknown as Json;
}
