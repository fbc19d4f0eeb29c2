import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { accessClaims, serviceClaims } from './claims.ts';
import { errorCatalogue } from './errors.ts';
import { frameEncodings, frameKinds } from './frames/index.ts';
import { handshake, hintsPath, messages, type Message } from './hints/index.ts';
import { jsonSchema } from './openapi/openapi-document.ts';
import type { Route } from './route.ts';
import { routes } from './route-table.ts';

/**
 * One SHA-256 (hex) over everything that two ends must agree on: routes, their schemas, errors, claims, frames and the
 * socket's messages. Words for people do not count.
 */
export function schemaHash(): string {
  const described = {
    routes: Object.values(routes).map((route: Route) => ({
      name: route.name,
      method: route.method,
      path: route.path,
      auth: route.auth,
      status: route.status ?? 200,
      framesToo: route.framesToo === true,
      errors: [...(route.errors ?? [])].sort(),
      params: shape(route.params),
      query: shape(route.query),
      body: shape(route.body),
      answer: shape(route.answer),
    })),
    errors: Object.entries(errorCatalogue).map(([code, { status, retryable }]) => ({ code, status, retryable })),
    claims: [jsonSchema(accessClaims), jsonSchema(serviceClaims)],
    frames: { frameKinds, frameEncodings },
    hints: {
      path: hintsPath,
      handshake: shape(handshake),
      messages: Object.values(messages).map(({ name, from, payload, answer }: Message) => ({
        name,
        from,
        payload: shape(payload),
        answer: shape(answer),
      })),
    },
  };
  return createHash('sha256')
    .update(JSON.stringify(sorted(described)))
    .digest('hex');
}

function shape(part: z.ZodType | { readonly stream: string } | undefined): unknown {
  if (part === undefined || 'stream' in part) return part;
  return jsonSchema(part);
}

/** The same value with its keys in order, so that the order of declaration does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
