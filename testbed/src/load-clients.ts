import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, httpTransport, type TokenSource, type Transport } from '@driftbox/api-client';
import { digestOf } from '@driftbox/chunking';
import { routes } from '@driftbox/protocol';
import { fetchPlain } from '@driftbox/transfer';
import { putFiles, signUpByApi, type ApiUser } from './api-user.ts';
import { emailOf } from './email-of.ts';
import { createCli } from './run-cli.ts';
import { worldPassword } from './world.ts';

/** How often requests were sent, and how often one failed and had to be repeated, by what was answered. */
export type Tries = { count: number; readonly failed: Map<string, number> };

/** A client of the public door as people have one, with its own rules for repeating and no others. */
export type LoadClient = {
  readonly largestBytes: number;
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array>;
  readonly tries: Tries;
  close(): void;
};

/** Puts and gets files of one chunk by the typed client; signs in again once its token is refused. */
export async function apiLoadClient(address: string, name: string): Promise<LoadClient> {
  const user = await signUpByApi(address, name);
  const transport = httpTransport(address);
  const { counted, tries } = countTries(transport);
  const client = createClient({ transport: counted, token: lastingToken(user, counted) });
  const { drive } = user;
  return {
    largestBytes: 900_000,
    put: (file, bytes) => putFiles({ ...user, client }, [{ name: file, bytes }]),
    get: async (file) => {
      const entry = await client.call(routes.resolvePath, { params: { drive: drive.drive }, query: { path: file } });
      if (entry.kind !== 'file') throw new Error(`${file} is a ${entry.kind}`);
      for await (const { bytes } of fetchPlain(client, drive, [entry.listId])) return bytes;
      throw new Error(`${file} has no content`);
    },
    tries,
    close: () => transport.close(),
  };
}

/** The user's token, and after its end another one by signing in again. */
export function lastingToken({ email, accessToken: first }: ApiUser, transport: Transport): TokenSource {
  let accessToken = first;
  const body = { email, password: worldPassword, device: { name: 'load', kind: 'other' as const } };
  return async (refused) => {
    if (refused === accessToken) ({ accessToken } = await createClient({ transport }).call(routes.logIn, { body }));
    return accessToken;
  };
}

/** Puts and gets files of several chunks by the command line, each in a process of its own; it keeps its tries to itself. */
export async function cliLoadClient(address: string, name: string, folder: string, caFile: string): Promise<LoadClient> {
  const cli = createCli(path.join(folder, name), { NODE_EXTRA_CA_CERTS: caFile });
  const at = (file: string): string => path.join(folder, `${name}-${file}`);
  await writeFile(at('password'), `${worldPassword}\n`, { mode: 0o600 });
  const who = ['--server', address, '--email', emailOf(name), '--password-file', at('password')];
  await cli.must('signup', ...who, '--name', name);
  return {
    largestBytes: 6_000_000,
    put: async (file, bytes) => {
      await writeFile(at('sent'), bytes);
      await cli.must('put', at('sent'), `/${file}`);
    },
    get: async (file) => {
      await rm(at('got'), { force: true });
      await cli.must('get', `/${file}`, at('got'));
      return readFile(at('got'));
    },
    tries: { count: 0, failed: new Map() },
    close: () => {},
  };
}

/** What a client keeps of a file, to know it again. */
export const fingerprintOf: (bytes: Uint8Array) => string = digestOf;

/** A transport that counts what goes over another. */
export function countTries(transport: Transport): { readonly counted: Transport; readonly tries: Tries } {
  const tries: Tries = { count: 0, failed: new Map() };
  const failed = (why: string): void => void tries.failed.set(why, (tries.failed.get(why) ?? 0) + 1);
  const counted: Transport = async (request) => {
    tries.count += 1;
    try {
      const answer = await transport(request);
      if (answer.status === 429 || answer.status >= 500) failed(String(answer.status));
      return answer;
    } catch (error) {
      failed(String((error as { readonly code?: unknown }).code ?? error));
      throw error;
    }
  };
  return { counted, tries };
}
