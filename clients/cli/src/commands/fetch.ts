import { createWriteStream, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createClient, httpTransport } from '@driftbox/api-client';
import type { Client, StreamAnswer } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import type { Command, Given } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { tokenOf } from '../link-terms.ts';
import { showBytes } from '../output.ts';
import { readPassword } from '../read-password.ts';
import { parseServer } from '../server-address.ts';

export const fetchShared: Command = {
  name: 'fetch',
  summary: 'Fetch what a link leads to, without an account: a file, or a folder as a zip',
  synopsis: 'ADDRESS [DESTINATION]',
  example: 'driftbox fetch https://files.example.com/v1/shared/TOKEN',
  args: { min: 1, max: 2 },
  flags: { 'password-file': { value: 'FILE', description: "read the link's password from a file; - is standard input" } },
  completes: 'files',
  run: async ({ output, env, given, signal }) => {
    const linkToken = tokenOf(given.arg(0));
    if (linkToken === undefined) throw new UsageError('this is no address of a link: https://SERVER/v1/shared/TOKEN');
    const transport = httpTransport(parseServer(new URL(given.arg(0)).origin, env['DRIFTBOX_ALLOW_HTTP'] === '1'));
    try {
      const client = createClient({ transport, signal });
      const { pass, shared } = await enter(client, linkToken, given);
      if (shared.role === 'uploader') throw new Problem('permission_denied', 'This link asks for files, it gives none');
      const { kind, name } = shared.entry;
      const target = destination(given.args[1], kind === 'folder' ? `${name}.zip` : name);
      const query = pass === undefined ? {} : { pass };
      const answer = kind === 'folder' ? await client.stream(routes.archiveShared, { params: { linkToken }, query }) : await download();
      const bytes = await save(answer, target, signal);
      output.result({ path: target, bytes }, () => [`Fetched ${target} (${showBytes(bytes)})`]);
      return exitCodes.ok;

      async function download(): Promise<StreamAnswer> {
        const begun = await client.stream(routes.downloadShared, { params: { linkToken: linkToken as string }, query });
        const secret = begun.headers['location']?.split('/').at(-1);
        if (secret === undefined) throw new Problem('internal', 'The server did not say where the bytes are');
        return client.stream(routes.readDownload, { params: { linkToken: linkToken as string, download: secret } });
      }
    } finally {
      transport.close();
    }
  },
};

/** What the link leads to, its password asked for where it has one. */
async function enter(client: Client, linkToken: string, given: Given) {
  const first = await client.call(routes.getShared, { params: { linkToken } });
  if (!first.needsPassword) return { pass: undefined, shared: first };
  const password = await readPassword(given.text('password-file'), 'Password of the link: ');
  const { pass } = await client.call(routes.unlockShared, { params: { linkToken }, body: { password } });
  const shared = await client.call(routes.getShared, { params: { linkToken }, query: { pass } });
  if (shared.needsPassword) throw new Problem('unauthenticated', 'The password of this link has just been changed');
  return { pass, shared };
}

/** Where it is written: as named, or under its own name there. The name comes from the server, so only its last part counts. */
function destination(named: string | undefined, name: string): string {
  const isFolder = named !== undefined && (named.endsWith('/') || statSync(named, { throwIfNoEntry: false })?.isDirectory() === true);
  const target = named === undefined || isFolder ? path.resolve(named ?? '.', path.basename(name)) : path.resolve(named);
  if (statSync(target, { throwIfNoEntry: false }) !== undefined)
    throw new LocalError(`${target} is there already: name another DESTINATION`);
  return target;
}

/** Writes the whole answer beside its place and puts it there; a part of it is never under its name. Answers how many bytes. */
async function save(answer: StreamAnswer, target: string, signal: AbortSignal): Promise<number> {
  const part = path.join(path.dirname(target), `.driftbox-${process.pid}.part`);
  let bytes = 0;
  const counted = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length;
      yield piece;
    }
  };
  try {
    await pipeline(answer.body, counted, createWriteStream(part, { flags: 'wx' }), { signal });
    const said = answer.headers['content-length'];
    if (said !== undefined && Number(said) !== bytes) throw new Problem('unavailable', 'The connection broke: only a part came');
    await rename(part, target);
    return bytes;
  } finally {
    await rm(part, { force: true });
  }
}
