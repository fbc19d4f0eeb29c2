import { z } from 'zod';
import { errorCatalogue } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { framesMediaType } from '../frames/index.ts';
import { isInternal } from '../route.ts';
import type { Route, Stream } from '../route.ts';
import { routes } from '../route-table.ts';
import { protocolVersion } from '../version.ts';

type Json = Readonly<Record<string, unknown>>;

/** Codes that any endpoint may answer. */
const everywhere: readonly ErrorCode[] = ['invalid_argument', 'rate_limited', 'internal', 'unavailable'];

/** The OpenAPI 3.1 description of every public endpoint: a plain value, the same for the same schemas. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of Object.values(routes) as Route[]) {
    if (isInternal(route)) continue;
    const path = route.path.replaceAll(/[:*]([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'DriftBox',
      version: String(protocolVersion),
      description: 'Made from the schemas in packages/protocol. The host name decides the tenant.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema },
    },
  };
}

function operation(route: Route): Json {
  const signedIn = route.auth === 'user';
  const mutates = route.method !== 'GET' && route.method !== 'OPTIONS';
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [route.service],
    security: signedIn ? [{ accessToken: [] }] : [],
    parameters: [
      ...fields(route.params, 'path'),
      ...fields(route.query, 'query'),
      ...(mutates && signedIn ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } }] : []),
    ],
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: bodyContent(route, route.body) } }),
    responses: { [String(route.status ?? 200)]: answer(route), ...problems(route) },
  };
}

function bodyContent(route: Route, body: z.ZodType | Stream): Json {
  return { ...content(body), ...(route.framesToo === true ? { [framesMediaType]: {} } : {}) };
}

function content(body: z.ZodType | Stream): Json {
  if (isStream(body)) return { [body.stream === 'frames' ? framesMediaType : 'application/octet-stream']: {} };
  return { 'application/json': { schema: jsonSchema(body) } };
}

function answer(route: Route): Json {
  const description = route.answer === undefined ? 'Done; nothing more to say' : 'Done';
  return { description, ...(route.answer === undefined ? {} : { content: content(route.answer) }) };
}

/** One response per status, naming the codes that come with it. */
function problems(route: Route): Json {
  const ofTenant = route.anyTenant === true ? [] : (['tenant_suspended'] as const);
  const codes = [
    ...new Set([...everywhere, ...ofTenant, ...(route.auth === 'user' ? (['unauthenticated'] as const) : []), ...(route.errors ?? [])]),
  ];
  const byStatus = Map.groupBy(codes, (code) => errorCatalogue[code].status);
  const schema = { $ref: '#/components/schemas/Problem' };
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, some]) => [String(status), { description: some.join(', '), content: { 'application/problem+json': { schema } } }]),
  );
}

function fields(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** The JSON Schema (2020-12, which OpenAPI 3.1 embeds) of a wire type as it is sent. */
export function jsonSchema(schema: z.ZodType): Json {
  // Parsed ids are strings in both directions: what a transform makes of them is nobody's business on the wire.
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  return rest;
}

function isStream(body: z.ZodType | Stream): body is Stream {
  return 'stream' in body;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'retryable'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errorCatalogue) },
    detail: { type: 'string' },
    retryable: { type: 'boolean' },
    requestId: { type: 'string' },
    details: { type: 'object' },
  },
} as const;
