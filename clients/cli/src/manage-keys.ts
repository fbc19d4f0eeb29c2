import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import { routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { tenantOf } from './backup-door.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { withUpload } from './internal-door.ts';
import { showBytes, showTime, visible } from './output.ts';

type Walked = Omit<AnswerOf<Routes['rewrapKeysInUpload']>, 'place'>;

/**
 * `admin keys`: shows the generations of the key-encryption key, or with `--tenant` of that tenant's data key; adds one;
 * re-wraps; retires. Exit code 6 where a data key does not open.
 */
export async function manageKeys(context: Context, words: readonly string[]): Promise<ExitCode> {
  const [verb = 'list', generation, ...more] = words;
  const known = ['list', 'rotate', 'rewrap', 'retire'].includes(verb);
  if (!known || more.length > 0 || (verb === 'retire') !== (generation !== undefined))
    throw new UsageError('it is admin keys, admin keys rotate, admin keys rewrap or admin keys retire GENERATION');
  const ofTenant = context.given.text('tenant') !== undefined;
  if (ofTenant && !['list', 'rotate'].includes(verb)) throw new UsageError(`admin keys ${verb} is of all tenants: leave --tenant out`);
  const tenant = ofTenant ? tenantOf(context, 'tenant') : undefined;
  return withUpload(context, tenant, (client) => {
    if (tenant !== undefined) return verb === 'rotate' ? rotateOfTenant(context, client, tenant) : listOfTenant(context, client, tenant);
    if (verb === 'rotate') return rotate(context, client);
    if (verb === 'rewrap') return rewrap(context, client);
    return verb === 'retire' ? retire(context, client, parseGeneration(generation ?? '')) : list(context, client);
  });
}

async function list({ output }: Context, client: Client): Promise<ExitCode> {
  const keys = await client.call(routes.getKeysInUpload);
  const walked = await walk(client, true);
  output.result({ ...keys, ...walked }, () => [
    `${visible(keys.place)}: generation ${keys.current} is in use`,
    ...keys.usable.map((one) => `generation ${one}: ${countUnder(walked, one)} data keys`),
    ...lost(walked, keys.usable),
  ]);
  return exitCodes.ok;
}

async function rotate({ output, given }: Context, client: Client): Promise<ExitCode> {
  const { current: from } = await client.call(routes.getKeysInUpload);
  if (given.on('dry-run')) {
    const walked = await walk(client, true);
    const would = { from, current: from + 1, dataKeys: walked.dataKeys, dryRun: true };
    output.result(would, () => [`would add generation ${from + 1} and re-wrap ${walked.dataKeys} data keys of ${walked.tenants} tenants`]);
    return exitCodes.ok;
  }
  const { current } = await client.call(routes.rotateKeysInUpload, { body: { from } });
  if (!output.json) output.note(`generation ${current} is in use; if this ends early, go on with: driftbox admin keys rewrap`);
  return told(output, { from, ...(await walk(client, false)) });
}

async function rewrap({ output, given }: Context, client: Client): Promise<ExitCode> {
  const dryRun = given.on('dry-run');
  const walked = await walk(client, dryRun);
  if (!dryRun) return told(output, walked);
  const old = walked.dataKeys - countUnder(walked, walked.current);
  output.result({ ...walked, dryRun }, () => [`would re-wrap ${old} of ${walked.dataKeys} data keys under generation ${walked.current}`]);
  return exitCodes.ok;
}

function told(output: Context['output'], walked: Walked & { from?: number }): ExitCode {
  output.result(walked, () => [
    `${walked.rewrapped} of ${walked.dataKeys} data keys of ${walked.tenants} tenants re-wrapped under generation ${walked.current}`,
    ...walked.unopened.map((one) => `tenant ${one.tenant}: data key ${one.generation} does not open under generation ${one.keyGeneration}`),
  ]);
  return walked.unopened.length === 0 ? exitCodes.ok : exitCodes.partial;
}

async function retire({ output, given }: Context, client: Client, generation: number): Promise<ExitCode> {
  const dryRun = given.on('dry-run');
  const { usable: before } = await client.call(routes.getKeysInUpload);
  const gone = before.filter((one) => one <= generation);
  const { usable } = dryRun
    ? { usable: before.filter((one) => one > generation) }
    : await client.call(routes.retireKeysInUpload, { body: { generation } });
  const words = dryRun ? 'would destroy' : 'destroyed';
  output.result({ retired: gone, usable, dryRun }, () => [
    `${words} generations: ${gone.join(', ') || 'none'}; left: ${usable.join(', ')}`,
  ]);
  return exitCodes.ok;
}

async function listOfTenant({ output }: Context, client: Client, tenant: TenantId): Promise<ExitCode> {
  const { items } = await client.call(routes.listDataKeys, { params: { tenant } });
  output.result({ tenant, items }, () =>
    items.map(
      ({ generation, keyGeneration, createdAt, packs, packBytes }) =>
        `generation ${generation} of ${showTime(createdAt)}, wrapped under ${keyGeneration}: ${packs} packs (${showBytes(packBytes)})`,
    ),
  );
  return exitCodes.ok;
}

async function rotateOfTenant({ output, given }: Context, client: Client, tenant: TenantId): Promise<ExitCode> {
  const { items } = await client.call(routes.listDataKeys, { params: { tenant } });
  const from = items.at(-1)?.generation ?? 1;
  const dryRun = given.on('dry-run');
  const { generation } = dryRun
    ? { generation: from + 1 }
    : await client.call(routes.rotateDataKey, { params: { tenant }, body: { from } });
  const words = dryRun ? 'would serve' : 'serves';
  output.result({ tenant, from, generation, dryRun }, () => [
    `data key ${generation} ${words} new packs within a minute; what is there stays as it is`,
  ]);
  return exitCodes.ok;
}

/** Goes over the data keys of all tenants, a call at a time. */
async function walk(client: Client, dryRun: boolean): Promise<Walked> {
  const under = new Map<number, number>();
  const sum = { current: 1, tenants: 0, dataKeys: 0, rewrapped: 0, unopened: [] as Walked['unopened'] };
  for (let place: TenantId | undefined; ;) {
    const body = { dryRun, ...(place === undefined ? {} : { place }) };
    const answer = await client.call(routes.rewrapKeysInUpload, { body });
    sum.current = answer.current;
    sum.tenants += answer.tenants;
    sum.dataKeys += answer.dataKeys;
    sum.rewrapped += answer.rewrapped;
    sum.unopened.push(...answer.unopened);
    for (const { keyGeneration, dataKeys } of answer.wrappedUnder) under.set(keyGeneration, (under.get(keyGeneration) ?? 0) + dataKeys);
    place = answer.place;
    if (place === undefined) break;
  }
  return { ...sum, wrappedUnder: [...under].map(([keyGeneration, dataKeys]) => ({ keyGeneration, dataKeys })) };
}

function countUnder({ wrappedUnder }: Walked, generation: number): number {
  return wrappedUnder.find(({ keyGeneration }) => keyGeneration === generation)?.dataKeys ?? 0;
}

function lost({ wrappedUnder }: Walked, usable: readonly number[]): string[] {
  return wrappedUnder
    .filter(({ keyGeneration }) => !usable.includes(keyGeneration))
    .map(({ keyGeneration, dataKeys }) => `generation ${keyGeneration} is not there, and ${dataKeys} data keys are wrapped under it`);
}

function parseGeneration(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new UsageError(`${visible(text)} is no generation: it is a number such as 1`);
  return Number(text);
}
