import { randomUUID } from 'node:crypto';

const sane = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's request id where it is fit for logs, otherwise a fresh one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && sane.test(header) ? header : randomUUID();
}
