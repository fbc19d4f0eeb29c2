import { access, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem, routes, type ErasureStatement } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { tenantOf, withCell } from './backup-door.ts';
import type { Context } from './command.ts';
import { stateErasure } from './erasure/state-erasure.ts';
import { openReceipt, signReceipt } from './erasure/receipt.ts';
import { keyIdOf, makeReceiptKey, readPrivateKey, readPublicKey } from './erasure/receipt-keys.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { visible } from './output.ts';
import { writePrivateFile } from './write-private-file.ts';

/** `admin erasure`: erases a tenant with its keys for good, signs a receipt, and verifies one without any server. */
export async function manageErasure(context: Context, [verb, argument, ...rest]: readonly string[]): Promise<ExitCode> {
  const wantsFile = verb === 'key' || verb === 'verify';
  if ((verb !== 'run' && !wantsFile) || rest.length > 0 || wantsFile !== (argument !== undefined))
    throw new UsageError('it is admin erasure key FILE, admin erasure run or admin erasure verify RECEIPT');
  if (verb === 'run') return run(context);
  return verb === 'key' ? makeKey(context, argument ?? '') : check(context, argument ?? '');
}

async function makeKey({ output }: Context, file: string): Promise<ExitCode> {
  const keyId = await makeReceiptKey(file);
  output.result({ file, publicKey: `${file}.pub`, keyId }, () => [
    `${file} signs receipts from now on: keep it as you keep a signature`,
    `${file}.pub verifies them: publish it, with its id ${keyId}, where those who get receipts look for it`,
  ]);
  return exitCodes.ok;
}

async function run(context: Context): Promise<ExitCode> {
  const { output, given } = context;
  const tenantId = tenantOf(context, 'tenant');
  const dryRun = given.on('dry-run');
  const [keyFile, out] = [given.text('key-file'), given.text('out')];
  if (keyFile === undefined || out === undefined) throw new UsageError('give --key-file FILE and --out RECEIPT');
  const key = await readPrivateKey(keyFile);
  await refuseExisting(out);
  return withCell(context, async (cell) => {
    const gone = await cell('upload', tenantId)
      .call(routes.getTenantInUpload, { params: { tenant: tenantId } })
      .then(({ intent, usage }) => ({ suspended: intent.suspended, usage }))
      .catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'tenant_erased') return undefined;
        throw error;
      });
    if (dryRun) {
      output.result({ tenantId, erased: gone === undefined, ...gone, dryRun }, () => [wouldErase(gone)]);
      return exitCodes.ok;
    }
    if (gone !== undefined && !given.on('yes')) throw new UsageError(`${wouldErase(gone)}: there is no way back; say --yes`);
    const statement = await stateErasure(cell, tenantId, Date.now);
    await writePrivateFile(out, signReceipt(statement, key));
    output.result({ receipt: out, keyId: keyIdOf(key), statement }, () => [...linesOf(statement), `the receipt is in ${visible(out)}`]);
    return exitCodes.ok;
  });
}

function wouldErase(tenant: { suspended: boolean; usage: { packs: number } } | undefined): string {
  if (tenant === undefined) return 'the tenant is erased or being erased: this ends it and writes the receipt';
  if (!tenant.suspended) return 'the tenant is not suspended, so that it cannot be erased';
  return `this erases the tenant with its keys and ${tenant.usage.packs} packs`;
}

async function check({ output, given }: Context, file: string): Promise<ExitCode> {
  const publicFile = given.text('public-key');
  if (publicFile === undefined) throw new UsageError('give --public-key FILE, which you have from whoever issued the receipt, not with it');
  const publicKey = await readPublicKey(publicFile);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read ${file}: ${error.message}`);
  });
  const statement = openReceipt(text, publicKey);
  const keyId = keyIdOf(publicKey);
  output.result({ valid: true, keyId, statement }, () => [...linesOf(statement), `signed with key ${keyId}`]);
  return exitCodes.ok;
}

function linesOf({ tenantId, issuedAt, services, keys, covers, doesNotCover }: ErasureStatement): string[] {
  const wrapped = keys.wrappedUnder.length === 0 ? '' : `, wrapped under generations ${keys.wrappedUnder.join(', ')}`;
  return [
    `tenant ${tenantId} is erased, as of ${issuedAt}`,
    ...services.map(({ service, erasedAt }) => `  ${visible(service)}: ${erasedAt}`),
    `data keys destroyed: ${keys.dataKeys}${wrapped}`,
    ...covers.map((one) => `covers ${visible(one)}`),
    ...doesNotCover.map((one) => `does not cover ${visible(one)}`),
  ];
}

/** Nothing is erased whose receipt could not be written. */
async function refuseExisting(file: string): Promise<void> {
  await access(path.dirname(path.resolve(file)), constants.W_OK).catch((error: Error) => {
    throw new LocalError(`cannot write ${file}: ${error.message}`);
  });
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) throw new LocalError(`${file} exists already`);
}
