import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** A body that is not JSON: frames (see `frames`), or plain bytes. */
export type Stream = { readonly stream: 'frames' | 'bytes' };

/**
 * Who may call: anybody; a signed-in user; another service of the cell (service token, never reachable from outside);
 * the platform's administrator (never reachable from outside either).
 */
export type RouteAuth = 'none' | 'user' | 'service' | 'admin';

/** The parts of DriftBox that answer requests; in this order the internal ports of a standalone server follow each other. */
export const serviceNames = ['auth', 'metadata', 'upload', 'sync', 'share', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** One endpoint: the only source of its wire types, from which come client, validation and OpenAPI document. */
export type Route = {
  /** Unique, verb-noun in camel case; the client's method name and OpenAPI's operationId. */
  readonly name: string;
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** `:name` is one segment; `*name` (only last) is the rest of the path, slashes included. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly auth: RouteAuth;
  /** True for what is the same for every tenant: it is answered on any host, whoever has it. */
  readonly anyTenant?: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** True for a POST that changes nothing, so that a token of scope `read` may call it. */
  readonly readOnly?: boolean;
  /** A schema for JSON, a stream, or both where frames may stand in for JSON. */
  readonly body?: z.ZodType | Stream;
  /** True where the JSON body may also arrive as frames whose last frame is that JSON. */
  readonly framesToo?: boolean;
  readonly maxBodyBytes?: number;
  readonly status?: 200 | 201 | 202 | 204 | 302;
  /** Headers of every answer, problems included; lower-case names. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** The answer's JSON, a stream, or nothing. */
  readonly answer?: z.ZodType | Stream;
  /** Codes this endpoint may answer besides those every endpoint may. */
  readonly errors?: readonly ErrorCode[];
};

/** Keeps the literal types of a route, so that client and handler are typed from it. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}

/** True for routes that only services or the platform's administrator may reach. */
export function isInternal(route: Route): boolean {
  return route.auth === 'service' || route.auth === 'admin';
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Sent<T> = T extends z.ZodType ? z.input<T> : undefined;
type Field<R, K extends string> = R extends { readonly [P in K]: infer T } ? T : undefined;

/** What a handler receives once validated. */
export type ParamsOf<R extends Route> = Parsed<Field<R, 'params'>>;
export type QueryOf<R extends Route> = Parsed<Field<R, 'query'>>;
export type BodyOf<R extends Route> = Parsed<Field<R, 'body'>>;
/** What a handler gives back, and what a client receives. */
export type AnswerOf<R extends Route> = Field<R, 'answer'> extends z.ZodType ? z.output<Field<R, 'answer'>> : undefined;
/** What a client sends: as validated, but defaults may be left out. */
export type SentParams<R extends Route> = Sent<Field<R, 'params'>>;
export type SentQuery<R extends Route> = Sent<Field<R, 'query'>>;
export type SentBody<R extends Route> = Sent<Field<R, 'body'>>;
