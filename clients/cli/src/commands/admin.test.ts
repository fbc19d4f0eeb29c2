import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { exitCodes } from '../exit-codes.ts';
import { runProgram } from '../run-program.ts';

const samples = path.resolve(import.meta.dirname, '../../../../crds/samples');
const sample = (name: string): string => path.join(samples, `${name}.yaml`);
const whole = ['pool-bundled', 'cell', 'quota', 'tenant'].map(sample);

async function run(...args: string[]) {
  let [out, errors] = ['', ''];
  const streams = { stdout: { write: (text: string) => (out += text) }, stderr: { write: (text: string) => (errors += text) } };
  return { code: await runProgram(['admin', ...args], { env: {}, signal: new AbortController().signal, ...streams }), out, errors };
}

test('a tenant is rendered as YAML, and as JSON', async () => {
  const yaml = await run('render', ...whole);
  expect(yaml).toMatchObject({ code: exitCodes.ok, errors: expect.stringContaining('helm template') });
  expect(yaml.out).toMatch(/^# the services are told: \{[^\n]*"hosts":\["acme\.files\.example\.com"\][^\n]*\n---\napiVersion: v1\n/);
  const json = await run('render', ...whole, '--json', '--namespace', 'ops');
  expect(JSON.parse(json.out)).toMatchObject({
    objects: [{ metadata: { namespace: 'ops' } }, {}, {}],
    intents: [{ name: 'Acme' }],
    problems: [],
  });
});

test('what is missing is said, with code 6', async () => {
  const { code, errors } = await run('render', sample('tenant'), sample('cell'));
  expect({ code, errors }).toMatchObject({
    code: exitCodes.partial,
    errors: expect.stringContaining('Tenant acme: there is no Quota team'),
  });
});

test.each([
  [['render', sample('quota')], exitCodes.usage, 'there is no Tenant in these files'],
  [['print', sample('quota')], exitCodes.usage, 'there is no command admin print'],
  [['render'], exitCodes.usage, 'name the files to render'],
  [['recovered', 'now'], exitCodes.usage, 'names nothing'],
  [['recovered'], exitCodes.usage, 'set DRIFTBOX_SERVICE_KEY'],
  [['fsck'], exitCodes.usage, 'set DRIFTBOX_SERVICE_KEY'],
  [['fsck', '--repair'], exitCodes.usage, 'goes by itself'],
  [['fsck', '--tenant', '1'], exitCodes.usage, 'name the tenant by its id'],
  [['fsck', '--tenant', randomUUID()], exitCodes.usage, 'set DRIFTBOX_SERVICE_KEY'],
  [['backup', 'create', '--all'], exitCodes.usage, 'name the backup key'],
  [['backup', 'create', '--all', '--tenant', randomUUID()], exitCodes.usage, 'leave out --tenant'],
  [['backup', 'rehearse', '--all'], exitCodes.usage, 'is create, list, verify or remove'],
  [['backup', 'remove', '--all'], exitCodes.usage, 'name the backup that is to go'],
  [['restore', '--all', '--host', 'a.example.com'], exitCodes.usage, 'leave out --host'],
  [['restore', '--all', '--abandon'], exitCodes.usage, '--abandon is for one tenant'],
  [['keys', 'melt'], exitCodes.usage, 'it is admin keys, admin keys rotate'],
  [['keys', 'retire'], exitCodes.usage, 'retire GENERATION'],
  [['keys', 'rewrap', '--tenant', randomUUID()], exitCodes.usage, 'leave --tenant out'],
  [['keys', 'rotate', '--tenant', '1'], exitCodes.usage, 'name the tenant by its id'],
  [['keys'], exitCodes.usage, 'set DRIFTBOX_SERVICE_KEY'],
  [['export-keys'], exitCodes.usage, 'it is admin export-keys FILE'],
  [['export-keys', 'a', 'b'], exitCodes.usage, 'it is admin export-keys FILE'],
  [['import-keys'], exitCodes.usage, 'it is admin import-keys FILE'],
  [['import-keys', '/nowhere/keys'], exitCodes.failed, 'cannot read /nowhere/keys'],
  [['render', '/nowhere/tenant.yaml'], exitCodes.failed, 'cannot read /nowhere/tenant.yaml'],
])('%j is refused', async (args, code, expected) => {
  expect(await run(...args)).toMatchObject({ code, out: '', errors: expect.stringContaining(expected) });
});

test('a wrong field is named, with its file', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'tenant.yaml');
  await writeFile(file, 'apiVersion: driftbox.io/v1alpha1\nkind: Tenant\nmetadata: {name: acme}\nspec: {hosts: [Acme]}\n');
  const { code, errors } = await run('render', file);
  expect(code).toBe(exitCodes.usage);
  expect(errors).toContain(`${file}: Tenant acme: spec.hosts[0]: is not a host name`);
});
