import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '@driftbox/cli';
import { routes, tenantErasers } from '@driftbox/protocol';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { putFiles, signUpByApi } from '../src/api-user.ts';
import { registerTenant } from '../src/register-tenant.ts';
import { hostOfTenant } from '../src/target/host-of-tenant.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

let door: OpenDoor;
beforeAll(async () => void (door = await openDoor()));
afterAll(() => door?.close());

const at = (name: string): string => path.join(door.folder, name);

async function erasure(...args: string[]) {
  let [out, errors] = ['', ''];
  const code = await runProgram(['admin', 'erasure', ...args, '--json'], {
    env: { DRIFTBOX_SERVICE_KEY: door.administrator().serviceKey },
    signal: new AbortController().signal,
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (errors += text) },
  });
  return { code, answer: out === '' ? undefined : JSON.parse(out), errors };
}

const administered = testThatNeeds('administrator');
administered('a tenant is erased with its keys only when it is suspended and meant, and its receipt verifies', async () => {
  const administrator = door.administrator();
  const acme = await registerTenant(administrator, hostOfTenant(administrator, 'acme'));
  const ada = await signUpByApi(door.address, 'ada', acme.host);
  await putFiles(ada, [{ name: 'a', bytes: randomBytes(3_000) }]);
  await erasure('key', at('receipts'));
  const internal = Object.entries(administrator.internal).flatMap(([name, url]) => ['--internal', `${name}=${url}`]);
  const run = (out: string, ...more: string[]) =>
    erasure('run', '--tenant', acme.tenantId, '--key-file', at('receipts'), '--out', at(out), ...internal, ...more);
  expect(await run('receipt', '--yes')).toMatchObject({ code: 5 });
  await registerTenant(administrator, acme.host, { tenantId: acme.tenantId, suspended: true });
  expect(await run('receipt', '--dry-run')).toMatchObject({ code: 0, answer: { erased: false, suspended: true, usage: { packs: 1 } } });
  expect(await run('receipt')).toMatchObject({ code: 2, errors: expect.stringContaining('say --yes') });
  await expect(stat(at('receipt'))).rejects.toThrow('ENOENT');
  const done = await run('receipt', '--yes');
  expect(done).toMatchObject({ code: 0, answer: { statement: { keys: { dataKeys: 1, wrappedUnder: [1] } } } });
  const verified = await erasure('verify', at('receipt'), '--public-key', at('receipts.pub'));
  expect(verified).toMatchObject({ code: 0, answer: { valid: true, statement: done.answer.statement } });
  expect(verified.answer.statement.services).toHaveLength(tenantErasers.length);
  await expect(ada.client.call(routes.listDrives)).rejects.toMatchObject({ code: expect.any(String) });
  expect(await run('receipt', '--yes')).toMatchObject({ code: 1, errors: expect.stringContaining('exists already') });
  // Who lost the receipt, or erased by other means, gets one that states the same.
  const again = await run('again');
  expect({ ...again.answer.statement, issuedAt: '' }).toEqual({ ...done.answer.statement, issuedAt: '' });
  expect(JSON.stringify(await readFile(at('receipt'), 'utf8'))).not.toContain('acme');
});
