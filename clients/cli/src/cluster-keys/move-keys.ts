import { readFile, writeFile } from 'node:fs/promises';
import { LocalError } from '@driftbox/transfer';
import type { Context } from '../command.ts';
import { exitCodes, UsageError, type ExitCode } from '../exit-codes.ts';
import { visible } from '../output.ts';
import { readNewPassword, readPassword } from '../read-password.ts';
import { chooseKept, manifestsOf, missingOf, parseKept, writeKept, type FoundObject, type KeptObject } from './kept-objects.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
import { openText, sealText } from './sealed-text.ts';

const leastCharacters = 12;

/** `admin export-keys FILE`: writes what nobody can make again of the cells, pools and tenants of a cluster, under a passphrase. */
export async function exportKeys(context: Context, words: readonly string[]): Promise<ExitCode> {
  const [file, namespace] = [fileOf('export-keys', words), namespaceOf(context)];
  const kubectl = createKubectl(context.env, context.signal);
  const selector = context.given.text('selector');
  const cells = await list(kubectl, ['cells.driftbox.io', ...(selector === undefined ? [] : ['--selector', selector])]);
  const kept = chooseKept(await inNamespace(kubectl, namespace), cells);
  if (kept.length === 0) throw new LocalError(`there is nothing to keep in the namespace ${namespace}`);
  const passphrase = await newPassphrase(context);
  await writeFile(file, await sealText(writeKept(kept), passphrase), { mode: 0o600, flag: 'wx', flush: true }).catch((error: Error) => {
    throw new LocalError(`cannot make ${file}: ${error.message}`);
  });
  context.output.result({ file, ...namesOf(kept) }, () => [
    ...kept.map(({ kind, name }) => `${kind} ${visible(name)}`),
    `${visible(file)} holds these, under the passphrase: keep both, apart from each other and from the cluster`,
  ]);
  return exitCodes.ok;
}

/** `admin import-keys FILE`: makes it again in a cluster that has none of it, before cells and pools are applied there. */
export async function importKeys(context: Context, words: readonly string[]): Promise<ExitCode> {
  const [file, namespace] = [fileOf('import-keys', words), namespaceOf(context)];
  const document = await readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read ${file}: ${error.message}`);
  });
  const passphrase = await readPassword(context.given.text('passphrase-file'), 'Passphrase: ');
  const kept = parseKept(await openText(document, passphrase));
  const kubectl = createKubectl(context.env, context.signal);
  const missing = missingOf(kept, await inNamespace(kubectl, namespace));
  const dryRun = context.given.on('dry-run');
  const items = manifestsOf(missing, namespace);
  if (!dryRun && items.length > 0)
    await kubectl(['create', '--filename', '-', '--output', 'name'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const there = kept.filter((one) => !missing.includes(one));
  context.output.result({ namespace, made: namesOf(missing), there: namesOf(there), dryRun }, () => [
    ...missing.map(({ kind, name }) => `${dryRun ? 'would make' : 'made'} ${kind} ${visible(name)}`),
    ...there.map(({ kind, name }) => `${kind} ${visible(name)} is there already`),
  ]);
  return exitCodes.ok;
}

function fileOf(verb: string, words: readonly string[]): string {
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) throw new UsageError(`it is admin ${verb} FILE`);
  return file;
}

function namespaceOf({ given }: Context): string {
  return given.text('namespace') ?? 'driftbox-system';
}

function inNamespace(kubectl: Kubectl, namespace: string): Promise<readonly FoundObject[]> {
  return list(kubectl, ['secrets,configmaps', '--namespace', namespace]);
}

async function list(kubectl: Kubectl, what: readonly string[]): Promise<readonly FoundObject[]> {
  const { items } = JSON.parse(await kubectl(['get', ...what, '--output', 'json'])) as { readonly items: readonly FoundObject[] };
  return items;
}

async function newPassphrase({ given }: Context): Promise<string> {
  const passphrase = await readNewPassword(given.text('passphrase-file'), 'Passphrase: ');
  if (passphrase.length < leastCharacters) throw new UsageError(`a passphrase has at least ${leastCharacters} characters`);
  return passphrase;
}

function namesOf(kept: readonly KeptObject[]): { readonly secrets: readonly string[]; readonly records: readonly string[] } {
  const of = (kind: KeptObject['kind']): readonly string[] => kept.filter((one) => one.kind === kind).map(({ name }) => name);
  return { secrets: of('Secret'), records: of('ConfigMap') };
}
