import { readNumber } from '@driftbox/command-line';
import { routes } from '@driftbox/protocol';
import type { Command, Context } from '../command.ts';
import type { Connection } from '../connect.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { listLinks, termsOf } from '../list-links.ts';
import { addressOf, findLink, placeOfLink, readTerms, termFlags } from '../link-terms.ts';
import { showTime, visible } from '../output.ts';
import { readAction } from '../read-action.ts';

const actions = ['create', 'list', 'show', 'revoke'] as const;

export const link: Command = {
  name: 'link',
  summary: 'Create, list, show or revoke links by which anybody reads a file or folder',
  synopsis: [
    '[list] [PATH] [--everybody]',
    'create PATH [--password] [--expires 7d] [--max-downloads N] [--notify]',
    'show LINK',
    'revoke LINK',
  ],
  example: 'driftbox link create /photos --expires 7d --password',
  args: { min: 0, max: 2 },
  flags: {
    ...termFlags,
    'max-downloads': { value: 'N', description: 'with create: it works for so many downloads' },
    everybody: { description: "with list: everybody's, for administrators of the tenant" },
  },
  completes: actions,
  run: async (context) => {
    const { given } = context;
    const action = readAction(given.args[0] ?? 'list', actions);
    const [, named] = given.args;
    if (action === 'list') await listLinks(context, { path: named, everybody: given.on('everybody') });
    else if (named === undefined) throw new UsageError(`${action} needs a ${action === 'create' ? 'PATH' : 'LINK'}`);
    else if (action === 'create') await create(context, named);
    else await (action === 'show' ? show : revoke)(context, named);
    return exitCodes.ok;
  },
};

async function create({ connect, output, given }: Context, path: string): Promise<void> {
  const most = given.text('max-downloads');
  const limit = most === undefined ? {} : { maxDownloads: readNumber('--max-downloads', most, { least: 1, most: 999_999_999 }) };
  const connection = await connect();
  const { client, server } = connection;
  const place = await placeOfLink(connection, path);
  const made = await client.call(routes.createLink, { body: { ...place, ...(await readTerms(given)), ...limit } });
  const url = addressOf(server, made);
  output.result({ ...made, url }, () => [url ?? made.linkId]);
}

async function show({ connect, output }: Context, text: string): Promise<void> {
  const { client, server }: Connection = await connect();
  const found = await findLink(client, text);
  const { items: uses } = await client.call(routes.listLinkUses, { params: { link: found.linkId } });
  const path = await client
    .call(routes.getEntryPath, { params: { drive: found.drive, entry: found.entryId } })
    .then((answer) => answer.path)
    .catch(() => undefined);
  const url = addressOf(server, found);
  output.result({ ...found, url, entryPath: path, uses }, () => [
    url ?? found.linkId,
    ...(path === undefined ? [] : [visible(path)]),
    termsOf(found).join(', '),
    ...uses.map(({ at, kind, name, address }) => `${showTime(at)}  ${kind.padEnd(8)}  ${visible(name)}  ${address}`),
  ]);
}

async function revoke({ connect, output }: Context, text: string): Promise<void> {
  const { client } = await connect();
  const { linkId } = await findLink(client, text);
  await client.call(routes.revokeLink, { params: { link: linkId } });
  output.result({ linkId, revoked: true }, () => [`revoked ${linkId}`]);
}
