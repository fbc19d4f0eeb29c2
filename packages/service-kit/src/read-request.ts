import { Problem } from '@driftbox/protocol';
import type { CompiledRoute } from './compile-route.ts';
import type { Deadline } from './deadline.ts';
import type { FullLimits } from './limits.ts';
import type { Incoming } from './message.ts';
import { parseJson } from './parse-json.ts';
import { parseQuery } from './parse-query.ts';
import { checkedValues } from './path-values.ts';
import { declaredBytes, readBody } from './read-body.ts';
import type { PathValues } from './routing.ts';
import { Validation } from './validate.ts';

/** Media type of frames. */
export const framesType = 'application/vnd.driftbox.frames';

const jsonType = /^application\/(?:[a-z0-9.-]+\+)?json$/;

/** What a request says, validated. */
export type Input = { readonly params: unknown; readonly query: unknown; readonly body: unknown; readonly frames: boolean };

function mediaType(header: string | undefined): string | undefined {
  return header?.replace(/;.*$/s, '').trim().toLowerCase();
}

function hasBody(headers: Incoming['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');
}

async function readJson(compiled: CompiledRoute, incoming: Incoming, limits: FullLimits, deadline: Deadline): Promise<unknown> {
  const { headers } = incoming;
  if (!hasBody(headers)) return undefined;
  if (!jsonType.test(mediaType(headers['content-type']) ?? '')) throw new Problem('invalid_argument', 'The body must be application/json');
  // A route that takes frames of many megabytes still takes JSON only up to the limit of JSON.
  const maxBytes = compiled.framesToo ? limits.jsonBodyBytes : compiled.maxBodyBytes;
  declaredBytes(headers['content-length'], maxBytes);
  return parseJson(await readBody(incoming.body(), maxBytes, limits.bodyIdleMs, deadline));
}

function expectStream(compiled: CompiledRoute, type: string | undefined): void {
  if (compiled.bodyStream === 'frames' && type !== framesType) throw new Problem('invalid_argument', `The body must be ${framesType}`);
}

/** Reads and validates path, query and JSON body. Throws `invalid_argument` with every issue, `too_large`, or `unavailable` when late. */
export async function readInput(
  compiled: CompiledRoute,
  values: PathValues,
  incoming: Incoming,
  limits: FullLimits,
  deadline: Deadline,
): Promise<Input> {
  const { headers } = incoming;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new Problem('invalid_argument', 'Content-Encoding is not supported');
  const type = mediaType(headers['content-type']);
  const frames = compiled.framesToo && type === framesType;
  let raw: unknown;
  if (frames || compiled.bodyStream !== undefined) {
    expectStream(compiled, type);
    declaredBytes(headers['content-length'], compiled.maxBodyBytes);
  } else if (compiled.bodySchema !== undefined) {
    raw = await readJson(compiled, incoming, limits, deadline);
  } else if (hasBody(headers)) {
    throw new Problem('invalid_argument', 'This route takes no body');
  }
  const validation = new Validation();
  const params = compiled.params === undefined ? undefined : validation.check(compiled.params, 'params', checkedValues(values));
  const query = compiled.query === undefined ? undefined : validation.check(compiled.query, 'query', parseQuery(incoming.query));
  const body = frames || compiled.bodySchema === undefined ? undefined : validation.check(compiled.bodySchema, 'body', raw);
  validation.finish();
  return { params, query, body, frames };
}
