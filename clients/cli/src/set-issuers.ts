import { readFile } from 'node:fs/promises';
import { routes, type IssuerView } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import type { Context } from './command.ts';
import { UsageError, exitCodes, type ExitCode } from './exit-codes.ts';
import { visible } from './output.ts';

/** Issuers that everybody knows by name. */
const known: Readonly<Record<string, string>> = { google: 'https://accounts.google.com' };

/** `driftbox admin issuers`: by whom the people of one's tenant sign in besides their password. */
export async function setIssuers(context: Context, words: readonly string[]): Promise<ExitCode> {
  const { output, connect } = context;
  const [verb = 'list', name, ...more] = words;
  if (!['list', 'put', 'remove'].includes(verb) || (verb === 'list') !== (name === undefined) || more.length > 0)
    throw new UsageError('it is admin issuers, admin issuers put NAME or admin issuers remove NAME');
  if (name === undefined) {
    const { client } = await connect();
    const { items } = await client.call(routes.listIssuers);
    output.result({ items }, () => items.map(lineOf));
    return exitCodes.ok;
  }
  if (verb === 'put') return put(context, name);
  const { client } = await connect();
  await client.call(routes.removeIssuer, { params: { issuer: name } });
  output.result({ removed: name }, () => [`Nobody signs in by ${visible(name)} any more; who is signed in stays so`]);
  return exitCodes.ok;
}

async function put({ given, connect, output }: Context, name: string): Promise<ExitCode> {
  const issuer = given.text('issuer') ?? known[name];
  const clientId = given.text('client-id');
  if (issuer === undefined || clientId === undefined) throw new UsageError('give --issuer URL and --client-id ID');
  const file = given.text('client-secret-file');
  const secret = file === undefined ? undefined : (await textOf(file)).trim();
  const domains = given.texts('domain');
  const displayName = given.text('display-name');
  const body = {
    issuer,
    clientId,
    ...(secret === undefined ? {} : { clientSecret: secret }),
    ...(domains.length === 0 ? {} : { domains: [...domains] }),
    ...(displayName === undefined ? {} : { displayName }),
  };
  const { client, server } = await connect();
  const view = await client.call(routes.putIssuer, { params: { issuer: name }, body });
  output.result(view, () => [
    lineOf(view),
    `The issuer must send people back to ${server.replace(/\/$/, '')}/v1/oauth/${name}/callback`,
    `They sign in with: driftbox login --server ${server} --oidc ${name}`,
  ]);
  return exitCodes.ok;
}

/** A secret is read from a file: every process of the machine could read an argument. */
async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read ${file}: ${error.message}`);
  });
}

function lineOf({ name, issuer, clientId, hasSecret, managed, domains }: IssuerView): string {
  const notes = [
    hasSecret ? 'with a secret' : 'without a secret',
    ...(managed ? ["set by the platform's administrator"] : []),
    ...(domains === undefined ? [] : [`only ${domains.join(', ')}`]),
  ];
  return visible(`${name}  ${issuer}  ${clientId}  (${notes.join('; ')})`);
}
