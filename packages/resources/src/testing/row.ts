import type { Kind } from '../define-kind.ts';
import { apiVersion } from '../define-kind.ts';

/** A resource as it is sent. */
export type Sent = { apiVersion: string; kind: string; metadata: { name: string }; spec: object };

/** One resource and what becomes of it: taken, or refused with a message at a path. */
export type Row = {
  readonly about: string;
  readonly kind: Kind;
  readonly sent: Sent;
  /** The stored resource that it is to replace. */
  readonly old?: Sent;
  readonly refused?: { readonly path: string; readonly message: string };
};

type Part = Readonly<Record<string, unknown>>;

/** Makes rows of one kind: each says how its spec differs from `usual`, where `undefined` leaves a field out. */
export function rowsOf(kind: Kind, usual: Part) {
  const send = (part: Part, name = 'row'): Sent => ({ apiVersion, kind: kind.kind, metadata: { name }, spec: { ...usual, ...part } });
  return {
    taken: (about: string, part: Part, name?: string): Row => ({ about, kind, sent: send(part, name) }),
    refused: (about: string, part: Part, path: string, message: string, name?: string): Row => ({
      about,
      kind,
      sent: send(part, name),
      refused: { path, message },
    }),
    changed: (about: string, before: Part, after: Part): Row => ({ about, kind, old: send(before), sent: send(after) }),
    unchangeable: (about: string, before: Part, after: Part, path: string, message: string): Row => ({
      about,
      kind,
      old: send(before),
      sent: send(after),
      refused: { path, message },
    }),
  };
}
