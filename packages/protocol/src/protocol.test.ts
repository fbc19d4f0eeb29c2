import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { errorCatalogue, isInternal, openApiDocument, Problem, problemDetails, protocolVersion, routes, schemaHash } from './index.ts';
import type { Route, RouteName } from './index.ts';
import { schemaHistory } from './schema-history.ts';

const all = Object.entries(routes) as [RouteName, Route][];

describe('the version', () => {
  test('moves, with its history, when the schemas move', () => {
    // A failure here says: the wire changed. Before the first release put the new hash in schema-history.ts; after it, a new version too.
    expect(schemaHistory.at(-1)).toEqual({ version: protocolVersion, hash: schemaHash() });
  });

  test('counts up by one', () => {
    expect(schemaHistory.map((one) => one.version)).toEqual(schemaHistory.map((_, index) => index + 1));
  });
});

describe('the route table', () => {
  test.each(all)('names %s alike in all places', (name, route) => {
    expect(route.name).toBe(name);
    const values = [...route.path.matchAll(/[:*]([a-zA-Z]+)/g)].map((match) => match[1]);
    expect(Object.keys(route.params?.shape ?? {}).sort()).toEqual(values.sort());
    expect(route.path).toMatch(isInternal(route) ? /^\/(internal|admin)\/v1\// : /^\/(v1|\.well-known)\//);
    if (route.method === 'GET') expect(route.body).toBeUndefined();
    if (route.status === 204) expect(route.answer).toBeUndefined();
  });

  test('has no two endpoints at one address', () => {
    const addresses = all.map(([, route]) => `${route.method} ${route.path.replaceAll(/:[a-zA-Z]+/g, ':')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('bounds every list that a caller sends', () => {
    const unbounded: string[] = [];
    for (const [name, route] of all) {
      if (route.body !== undefined && 'safeParse' in route.body) unboundedLists(route.body, name, unbounded);
    }
    expect(unbounded).toEqual([]);
  });
});

type Def = {
  type: string;
  checks?: unknown[];
  element?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  options?: z.ZodType[];
  innerType?: z.ZodType;
  in?: z.ZodType;
};

function unboundedLists(schema: z.ZodType, path: string, found: string[]): void {
  const def = (schema as unknown as { _zod: { def: Def } })._zod.def;
  if (def.type === 'array' && !JSON.stringify(schema.toJSONSchema({ io: 'input', unrepresentable: 'any' })).includes('maxItems'))
    found.push(path);
  for (const inner of [def.element, def.innerType, def.in, ...(def.options ?? [])])
    if (inner !== undefined) unboundedLists(inner, path, found);
  for (const [key, inner] of Object.entries(def.shape ?? {})) unboundedLists(inner, `${path}.${key}`, found);
}

describe('the OpenAPI document', () => {
  type Operation = {
    operationId: string;
    summary: string;
    security: unknown[];
    parameters: { name: string; in: string; required?: boolean; schema: unknown }[];
    requestBody?: { content: object };
    responses: Record<string, { description: string }>;
  };
  const document = openApiDocument() as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: object };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  test('describes every public endpoint and no internal one', () => {
    const expected = all.filter(([, route]) => !isInternal(route)).map(([name]) => name);
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(expected.sort());
  });

  test.each(operations.map((one) => [one.operation.operationId, one] as const))('%s is whole', (_, { path, operation }) => {
    const inPath = [...path.matchAll(/\{([a-zA-Z]+)\}/g)].map((match) => match[1]);
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(declared.map((parameter) => parameter.name).sort()).toEqual(inPath.sort());
    expect(declared.every((parameter) => parameter.required === true)).toBe(true);
    expect(operation.summary).not.toBe('');
    expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true);
    expect(operation.responses['500']).toBeDefined();
    expect(JSON.stringify(operation)).not.toContain('"schema":{}');
  });

  test('refers only to what it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  test('is the same each time, and plain JSON', () => {
    expect(JSON.parse(JSON.stringify(openApiDocument()))).toEqual(document);
  });
});

describe('a problem', () => {
  test.each(Object.keys(errorCatalogue) as (keyof typeof errorCatalogue)[])('%s tells what the catalogue says of it', (code) => {
    const { status, retryable, title } = errorCatalogue[code];
    expect(problemDetails(new Problem(code), 'r-1')).toMatchObject({ code, status, retryable, title, requestId: 'r-1', detail: title });
  });
});
