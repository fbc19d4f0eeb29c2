import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@driftbox/api-client';
import { createS3Bucket, createS3Client, type S3Client } from '@driftbox/chunk-store';
import { runProgram } from '@driftbox/cli';
import { routes, serviceNames } from '@driftbox/protocol';
import { freePortRow, testComponent } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addTenant, serviceKeyOf } from '../src/add-tenant.ts';
import { hostTransport, putFiles, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openServer, type OpenServer } from '../src/open-server.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { worldPassword } from '../src/world.ts';

const bucket = { ...testComponent('s3'), bucket: `backups-${randomUUID()}` };
const place = `s3://${bucket.bucket}/cell`;
let server: OpenServer;
let port: number;
let s3: S3Client;
let env: Readonly<Record<string, string>>;
let tenant: string;
let ada: ApiUser;
let page: string;

beforeAll(async () => {
  page = await readFile(path.join(projectFolder, 'docs/backup.md'), 'utf8');
  port = await freePortRow(serviceNames.length);
  server = await openServer({ DRIFTBOX_INTERNAL_PORT: String(port) });
  await createS3Bucket(bucket);
  s3 = createS3Client(bucket);
  env = {
    DRIFTBOX_SERVICE_KEY: await serviceKeyOf(server.dataFolder),
    DRIFTBOX_BACKUP_S3_ENDPOINT: bucket.endpoint,
    DRIFTBOX_BACKUP_S3_ACCESS_KEY: bucket.accessKey,
    DRIFTBOX_BACKUP_S3_SECRET_KEY: bucket.secretKey,
  };
  ({ tenantId: tenant } = await addTenant(server, 'acme.test'));
  ada = await signUpByApi(server.address, 'ada', 'acme.test');
}, 300_000);
afterAll(async () => {
  s3?.close();
  await server?.close();
});

type Result = { readonly code: number; readonly stdout: string };

/** A command of the page, for this server, tenant and bucket. */
async function asWritten(command: string): Promise<Result> {
  const here: Readonly<Record<string, string>> = {
    ID: tenant,
    '/mnt/backups': place,
    '/etc/driftbox/backup-key': path.join(server.folder, 'backup-key'),
    '7430': String(port),
  };
  const [program, ...words] = command.replace(/ #.*/, '').trim().split(/ +/);
  expect(program).toBe('driftbox');
  let stdout = '';
  const code = await runProgram(
    words.map((word) => here[word] ?? word),
    { env, signal: new AbortController().signal, stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => {} } },
  );
  return { code, stdout };
}

/** The command of the page's first block that begins like this. */
function everyDay(beginning: string): Promise<Result> {
  const line = page.split('\n').find((one) => one.startsWith(beginning));
  if (line === undefined) throw new Error(`docs/backup.md has no ${beginning}`);
  return asWritten(line);
}

/** A command that the page's table names, with the flags of the one that makes a point. */
function ofTable(verb: string, ...more: string[]): Promise<Result> {
  expect(page).toMatch(new RegExp(`^\\| \`\\.\\.\\. ${verb}\\b`, 'm'));
  const create = page.split('\n').find((one) => one.startsWith('driftbox admin backup create'))!;
  return asWritten(create.replace('create', [verb, ...more].join(' ')));
}

const save = async (...names: string[]) =>
  putFiles(
    ada,
    names.map((name) => ({ name, bytes: randomBytes(30_000) })),
  );
const objects = async (): Promise<number> => {
  const answer = await s3.send({ method: 'GET', query: 'list-type=2&prefix=cell%2F' }, 'list');
  return Buffer.from(answer.body).toString().split('<Key>').length - 1;
};

test('every command of the page for a bucket does what the page says, and in the end nothing is left', async () => {
  await save('one', 'two');
  expect(await everyDay('driftbox admin backup key')).toMatchObject({ code: 0 });
  expect(await everyDay('driftbox admin backup create')).toMatchObject({ code: 0 });
  await save('three');
  expect(await everyDay('driftbox admin backup create')).toMatchObject({ code: 0 });

  const list = await ofTable('list', '--json');
  const [first, second] = (JSON.parse(list.stdout) as { backups: { id: string; heads: unknown[] }[] }).backups.map(({ id }) => id);
  expect(JSON.parse(list.stdout)).toMatchObject({ backups: [{ heads: [expect.anything()] }, { id: second }] });
  expect((await ofTable('verify')).stdout.match(/all verify/g)).toHaveLength(2);
  expect(await ofTable('verify', first!)).toMatchObject({ code: 0, stdout: expect.stringContaining(first!) });
  const rehearsed = await ofTable('rehearse', first!);
  expect(rehearsed).toMatchObject({ code: 0, stdout: expect.stringContaining('all rows are the same, all bytes verify') });
  expect(await ofTable('rehearse')).toMatchObject({ code: 0, stdout: expect.stringContaining(second!) });
  const described = await ofTable('tenant', first!);
  expect(JSON.parse(described.stdout)).toMatchObject({ kind: 'Tenant', spec: { hosts: ['acme.test'], suspended: true } });

  expect(await ofTable('remove', first!)).toMatchObject({ code: 0, stdout: expect.stringContaining(`${first!} is removed`) });
  expect(await ofTable('remove', first!)).toMatchObject({ code: 4 });
  expect(await ofTable('verify')).toMatchObject({ code: 0 });
  const restore = page
    .split('\n')
    .find((one) => one.startsWith('driftbox admin backup create'))!
    .replace('backup create', 'restore');
  const under = ['--as', randomUUID(), '--name', 'copy', '--host', 'copy.test'].join(' ');
  expect(await asWritten(`${restore.replace(/ #.*/, '')} ${under}`)).toMatchObject({ code: 0 });
  expect(await namesOn('copy.test')).toEqual(['one', 'three', 'two']);

  expect(await objects()).toBeGreaterThan(0);
  expect(await ofTable('remove', second!)).toMatchObject({ code: 0 });
  expect(await objects()).toBe(0);
}, 600_000);

/** What somebody sees who signs in where a copy was restored. */
async function namesOn(host: string): Promise<string[]> {
  const transport = hostTransport(server.address, host);
  const body = { email: ada.email, password: worldPassword, device: { name: 'test', kind: 'other' as const } };
  const { accessToken } = await createClient({ transport }).call(routes.logIn, { body });
  const client = createClient({ transport, token: async () => accessToken });
  const [drive] = (await client.call(routes.listDrives)).items;
  const params = { drive: drive!.drive, entry: drive!.rootId };
  return (await client.call(routes.listChildren, { params, query: { limit: 100 } })).items.map(({ name }) => name).sort();
}
