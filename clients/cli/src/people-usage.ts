import { routes, type UserUsage } from '@driftbox/protocol';
import type { Client } from '@driftbox/api-client';
import { allPages } from './all-pages.ts';
import type { Context } from './command.ts';
import { UsageError, exitCodes, type ExitCode } from './exit-codes.ts';
import { visible } from './output.ts';
import { findPerson } from './people.ts';
import { readSize } from './read-size.ts';
import { usageLine } from './usage-line.ts';

/** `driftbox admin usage`: what everybody of the tenant holds, who holds most first. */
export async function peoplesUsage({ output, connect }: Context, words: readonly string[]): Promise<ExitCode> {
  if (words.length > 0) throw new UsageError('admin usage names nobody: it shows everybody');
  const { client } = await connect();
  const [{ tenant }, people] = await Promise.all([client.call(routes.getUsage), allUsage(client)]);
  const items = people.toSorted((a, b) => usedBy(b) - usedBy(a));
  output.result({ tenant, items }, () => [...(tenant === undefined ? [] : [usageLine('everybody', tenant)]), ...items.map(lineOf)]);
  return exitCodes.ok;
}

/** `driftbox admin quotas`: how much people may hold, or somebody's own limit given or taken. */
export async function peoplesQuotas(context: Context, words: readonly string[]): Promise<ExitCode> {
  const [email, limit, more] = words;
  if (email === undefined) return peoplesUsage(context, []);
  if (limit === undefined || more !== undefined) throw new UsageError('it is admin quotas, or admin quotas ADDRESS SIZE|none|default');
  const { output, connect } = context;
  const limitBytes = limit === 'default' ? null : limit === 'none' ? Number.MAX_SAFE_INTEGER : readSize(limit);
  const { client } = await connect();
  const { userId: user } = await findPerson(client, email);
  const held = await client.call(routes.setUserLimit, { params: { user }, body: { limitBytes } });
  output.result(held, () => [lineOf(held)]);
  if (held.limitBytes !== undefined && held.limitBytes < usedBy(held))
    output.note('they hold more than that already: it stays, and they add nothing until there is room');
  return exitCodes.ok;
}

function allUsage(client: Client): Promise<UserUsage[]> {
  return allPages((cursor) => client.call(routes.listUserUsage, { query: { cursor, limit: 1000 } }));
}

function usedBy({ current, history, trash, inFlight }: UserUsage): number {
  return current + history + trash + inFlight;
}

function lineOf(held: UserUsage): string {
  return `${usageLine(visible(held.email ?? held.name), held)}${held.ownLimit ? '  (a limit of their own)' : ''}`;
}
