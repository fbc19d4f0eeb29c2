export * from './client.ts';
export { connectHints, type Hints, type HintsOptions, type HintsState } from './hints/connect-hints.ts';
export * from './http-transport.ts';
export { readBody, readJson } from './read-body.ts';
export { defaultRetryPolicy, noRetry } from './retry.ts';
export type { RetryPolicy } from './retry.ts';
export * from './session.ts';
export { piecesOf } from './transport.ts';
export type { RequestBody, Transport, TransportAnswer, TransportRequest } from './transport.ts';
