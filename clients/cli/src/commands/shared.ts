import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '@driftbox/api-client';
import { Problem, routes } from '@driftbox/protocol';
import type { Entry, GrantedEntry } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { allPages } from '../all-pages.ts';
import type { Command, Context } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { showBytes, visible } from '../output.ts';
import { remoteNames } from '../remote-path.ts';
import { placeForAnswer, saveAnswer } from '../save-answer.ts';
import { longLine } from './ls.ts';

type Done = { readonly value: unknown; readonly lines: readonly string[] };

const actions: Readonly<Record<string, { readonly needs: readonly [min: number, max: number]; run(context: Context): Promise<Done> }>> = {
  list: { needs: [0, 0], run: list },
  ls: { needs: [1, 1], run: look },
  get: { needs: [1, 2], run: fetchFile },
  put: { needs: [2, 2], run: sendFile },
  leave: { needs: [1, 1], run: leave },
};
const names = Object.keys(actions);

export const shared: Command = {
  name: 'shared',
  summary: 'List, look into, get from or put to what others let you in to, or leave it',
  about: 'Of single files and folders; a folder that is shared as a drive is in driftbox drives.',
  synopsis: ['[list]', 'ls NAME[/PATH]', 'get NAME[/PATH] [DESTINATION]', 'put FILE NAME[/PATH]', 'leave NAME'],
  example: 'driftbox shared get Plans/report.pdf',
  args: { min: 0, max: 3 },
  flags: {},
  completes: names,
  run: async (context) => {
    const { given, output } = context;
    const action = actions[given.args[0] ?? 'list'];
    if (action === undefined) throw new UsageError(`the first argument is one of ${names.join(', ')}`);
    const [min, max] = action.needs;
    const count = Math.max(0, given.args.length - 1);
    if (count < min || count > max) throw new UsageError(`${given.args[0] ?? 'list'} takes other arguments`);
    const { value, lines } = await action.run(context);
    output.result(value, () => [...lines]);
    return exitCodes.ok;
  },
};

async function list({ connect }: Context): Promise<Done> {
  const items = await allGranted((await connect()).client);
  const line = ({ entry, role, grantedByName }: GrantedEntry): string =>
    `${entry.entryId}  ${role.padEnd(7)} ${visible(entry.name)}${entry.kind === 'folder' ? '/' : ''}  from ${visible(grantedByName)}`;
  return { value: { items }, lines: items.map(line) };
}

async function look({ connect, given }: Context): Promise<Done> {
  const { client } = await connect();
  const { entry } = await find(client, given.arg(1));
  const items = entry.kind === 'folder' ? await childrenOf(client, entry) : [entry];
  return { value: { items }, lines: items.map(longLine) };
}

async function fetchFile({ connect, given, signal }: Context): Promise<Done> {
  const { client } = await connect();
  const { entry } = await find(client, given.arg(1));
  if (entry.kind !== 'file') throw new UsageError('this gets one file: driftbox shared ls shows what is in a folder');
  const target = placeForAnswer(given.args[2], entry.name);
  const params = { drive: entry.drive, entry: entry.entryId };
  const read = (headers = {}) => client.stream(routes.getContent, { params, headers });
  const bytes = await saveAnswer(await read(), target, signal, read);
  return { value: { path: target, bytes }, lines: [`Fetched ${target} (${showBytes(bytes)})`] };
}

/** Over the file that NAME is, or to a path below the folder; what is there already gets a new revision. */
async function sendFile({ connect, given, signal }: Context): Promise<Done> {
  const source = path.resolve(given.arg(1));
  const stats = await stat(source).catch((error: Error) => {
    throw new LocalError(`cannot read ${source}: ${error.message}`);
  });
  if (!stats.isFile()) throw new UsageError('this puts one file');
  const [first = '', ...rest] = remoteNames(given.arg(2));
  const { client } = await connect();
  const { entry } = await find(client, first);
  const params = { drive: entry.drive, entry: entry.entryId };
  const below = rest.length === 0 && entry.kind === 'folder' ? [path.basename(source)] : rest;
  const request = {
    query: { mtime: stats.mtime.toISOString() },
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(stats.size) },
    body: createReadStream(source),
    signal,
  };
  const answer =
    below.length === 0
      ? await client.stream(routes.putContent, { ...request, params })
      : await client.stream(routes.putFileBelow, { ...request, params: { ...params, path: below.join('/') } });
  const written = routes.putContent.answer.parse(await answer.json());
  return { value: { entry: written }, lines: [`Sent ${[first, ...below].join('/')} (${showBytes(stats.size)})`] };
}

async function leave({ connect, given }: Context): Promise<Done> {
  const { client } = await connect();
  const { entry, isTop } = await find(client, given.arg(1));
  if (!isTop) throw new UsageError('what was given is given back whole: name it alone');
  const { userId } = await client.call(routes.getMe);
  await client.call(routes.removeEntryGrant, { params: { drive: entry.drive, entry: entry.entryId, subject: userId } });
  return { value: { entryId: entry.entryId, left: true }, lines: [`You left ${visible(entry.name)}`] };
}

function allGranted(client: Client): Promise<GrantedEntry[]> {
  return allPages((cursor) => client.call(routes.listGrantedEntries, { query: { cursor, limit: 1000 } }));
}

function childrenOf(client: Client, { drive, entryId: entry }: Entry): Promise<Entry[]> {
  return allPages((cursor) => client.call(routes.listChildren, { params: { drive, entry }, query: { cursor, limit: 1000 } }));
}

/** What a path leads to that begins with the name or the id of something one was let in to. */
async function find(client: Client, text: string): Promise<{ entry: Entry; isTop: boolean }> {
  const [first = '', ...rest] = remoteNames(text);
  const tops = (await allGranted(client)).filter(({ entry }) => entry.name === first || entry.entryId === first);
  if (tops.length > 1) throw new UsageError(`more than one is called ${first}: name its id, driftbox shared shows it`);
  let entry = tops[0]?.entry;
  for (const name of rest) {
    const children = entry?.kind === 'folder' ? await childrenOf(client, entry) : [];
    entry = children.find((one) => one.name === name);
  }
  if (entry === undefined) throw new Problem('not_found', `Nothing that you were let in to is at ${text}`);
  return { entry, isTop: rest.length === 0 };
}
