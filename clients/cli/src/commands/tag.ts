import type { Client } from '@driftbox/api-client';
import { routes, type Tag } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { visible } from '../output.ts';
import { readAction } from '../read-action.ts';
import { needEntry, remoteNames } from '../remote-path.ts';

const actions = ['list', 'add', 'remove'] as const;

export const tag: Command = {
  name: 'tag',
  summary: 'List, add or remove tags of a file or folder',
  about: 'Tags are seen by all who may read it. A tag may have a value.',
  synopsis: ['list PATH', 'add PATH NAME[=VALUE]...', 'remove PATH NAME...'],
  example: 'driftbox tag add /plans/budget.xlsx urgent project=apollo',
  args: { min: 2, max: 66 },
  flags: {},
  completes: actions,
  run: async ({ connect, output, given }) => {
    const action = readAction(given.arg(0), actions);
    const named = given.args.slice(2).map(readTag);
    if ((action === 'list') !== (named.length === 0))
      throw new UsageError(action === 'list' ? 'list names no tag' : `${action} needs the NAME of a tag`);
    const { client, at } = await connect();
    const { drive, names } = await at(remoteNames(given.arg(1)));
    const { entryId } = await needEntry(client, drive, names);
    const params = { drive: drive.drive, entry: entryId };
    for (const one of named) await change(client, action, params, one);
    const { items } = await client.call(routes.listTags, { params });
    output.result({ items }, () => items.map(line));
    return exitCodes.ok;
  },
};

type Named = { readonly tag: string; readonly value: string | undefined };

/** A tag as people write it: `urgent`, or `project=apollo`. */
export function readTag(text: string): Named {
  const at = text.indexOf('=');
  const named = { tag: at < 0 ? text : text.slice(0, at), value: at < 0 ? undefined : text.slice(at + 1) };
  if (named.tag.trim() === '' || named.value?.trim() === '')
    throw new UsageError(`${visible(text)} is no tag such as urgent or project=apollo`);
  return named;
}

type Place = { readonly drive: string; readonly entry: string };

async function change(client: Client, action: (typeof actions)[number], place: Place, { tag: name, value }: Named): Promise<void> {
  const params = { ...place, tag: name };
  if (action === 'add') await client.call(routes.putTag, { params, body: value === undefined ? {} : { value } });
  else await client.call(routes.removeTag, { params });
}

function line({ tag: name, value }: Tag): string {
  return visible(value === undefined ? name : `${name}=${value}`);
}
