import type { Client, StreamAnswer } from '@driftbox/api-client';
import { digestOf } from '@driftbox/chunking';
import { encodeFrame, routes } from '@driftbox/protocol';
import type { Cell } from '../cell.ts';

/** A cell whose one tenant has a drive with these contents in it, and others in its history. Only backups can be made of it. */
export function memoryCell(contents: readonly Uint8Array[], others: readonly Uint8Array[] = []): Cell {
  const byDigest = new Map([...contents, ...others].map((bytes) => [digestOf(bytes), bytes]));
  const rows = { table: 'drives', rows: [{ drive_id: 'a drive', epoch: 'first', seq: contents.length }] };
  const linesOf = (isMetadata: boolean): object[] =>
    isMetadata ? [rows, { contents: contents.map((bytes) => digestOf(bytes)) }, { end: { drives: 1 } }] : [{ end: {} }];
  const call = async (): Promise<unknown> => ({ intent: { name: 'of the tests' } });
  const stream = async (route: unknown, { json }: { json?: { digests: never[] } }): Promise<Pick<StreamAnswer, 'body'>> => {
    if (route !== routes.readTenantChunks) return { body: piecesOf(textOf(linesOf(route === routes.readTenantInMetadata))) };
    return { body: piecesOf(...(json?.digests ?? []).flatMap((digest) => frameOf(byDigest.get(digest) ?? new Uint8Array(0)))) };
  };
  return () => ({ call, stream }) as unknown as Client;
}

async function* piecesOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function textOf(lines: readonly object[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function frameOf(payload: Uint8Array): Uint8Array[] {
  return encodeFrame({ kind: 'chunk', digest: digestOf(payload), plainSize: payload.length, encoding: 'raw', bases: [], payload });
}
