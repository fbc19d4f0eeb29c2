import { createClient, httpTransport } from '@driftbox/api-client';
import type { Client } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { Command, Given } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { tokenOf } from '../link-terms.ts';
import { showBytes } from '../output.ts';
import { readPassword } from '../read-password.ts';
import { placeForAnswer, saveAnswer } from '../save-answer.ts';
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
    const server = parseServer(new URL(given.arg(0)).origin, env['DRIFTBOX_ALLOW_HTTP'] === '1');
    const transport = httpTransport(server);
    try {
      const client = createClient({ transport, server, signal });
      const { pass, shared } = await enter(client, linkToken, given);
      if (shared.role === 'uploader') throw new Problem('permission_denied', 'This link asks for files, it gives none');
      const { kind, name } = shared.entry;
      const target = placeForAnswer(given.args[1], kind === 'folder' ? `${name}.zip` : name);
      const query = pass === undefined ? {} : { pass };
      const bytes =
        kind === 'folder'
          ? await saveAnswer(await client.stream(routes.archiveShared, { params: { linkToken }, query }), target, signal)
          : await download(target).catch(tellDamage);
      output.result({ path: target, bytes }, () => [`Fetched ${target} (${showBytes(bytes)})`]);
      return exitCodes.ok;

      async function download(to: string): Promise<number> {
        const begun = await client.stream(routes.downloadShared, { params: { linkToken: linkToken as string }, query });
        const secret = begun.headers['location']?.split('/').at(-1);
        if (secret === undefined) throw new Problem('internal', 'The server did not say where the bytes are');
        const params = { linkToken: linkToken as string, download: secret };
        const read = (headers = {}) => client.stream(routes.readDownload, { params, headers });
        return saveAnswer(await read(), to, signal, read);
      }
    } finally {
      transport.close();
    }
  },
};

/** Whoever has a link alone cannot do anything about it. */
function tellDamage(error: unknown): never {
  if (!(error instanceof Problem && error.code === 'content_damaged')) throw error;
  throw new Problem('content_damaged', 'The file cannot be read, it is damaged on the server: tell whoever sent you the link');
}

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
