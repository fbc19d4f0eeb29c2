import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@jest/globals';
import { createClient } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { temporaryFolder } from '@driftbox/testkit';
import { hostTransport } from '../src/api-user.ts';
import { StartFailed, startStandaloneProcess } from '../src/standalone-process.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

const ownServerTest = testThatNeeds('ownServer');
const quota = 'apiVersion: driftbox.io/v1alpha1\nkind: Quota\nmetadata: {name: team}\nspec: {storage: 1Mi}\n';
const tenant = (spec: string): string => `apiVersion: driftbox.io/v1alpha1\nkind: Tenant\nmetadata: {name: acme}\nspec: ${spec}\n`;

ownServerTest(
  'a tenant from a file is reached at its host, with the limits of its quota, and is the same after a restart',
  async () => {
    await using folder = await temporaryFolder();
    const [data, file] = [path.join(folder.path, 'data'), path.join(folder.path, 'tenant.yaml')];
    // PostgreSQL may run as another user, who must be able to pass through.
    await chmod(folder.path, 0o711);
    await mkdir(data);
    await writeFile(
      file,
      `${quota}---\n${tenant('{hosts: [acme.example.com], quota: team, firstAdministrator: {email: ada@acme.example}}')}`,
    );
    const first = await startStandaloneProcess(data, {}, ['-f', file]);
    const [acme] = first.tenants;
    const transport = hostTransport(first.address, 'acme.example.com');
    try {
      expect(acme).toMatchObject({ name: 'acme', hosts: ['acme.example.com'], invitation: expect.any(String) });
      const client = createClient({ transport });
      const device = { name: 'laptop', kind: 'cli' as const };
      const person = { email: 'ada@acme.example', password: 'long enough for her', displayName: 'Ada', device };
      const { accessToken, account } = await client.call(routes.signUp, { body: { ...person, invitation: acme?.invitation ?? '' } });
      expect(account.role).toBe('owner');
      const usage = await client.call(routes.getUsage, { token: async () => accessToken });
      expect(JSON.stringify(usage)).toContain(String(2 ** 20));
    } finally {
      await first.stop();
    }
    // What she did a moment ago was told to all who listen before they ended.
    expect(first.complaints()).toBe('');
    const again = await startStandaloneProcess(data, {}, ['-f', file]);
    expect(again.tenants).toEqual([{ name: 'acme', tenantId: acme?.tenantId, hosts: ['acme.example.com'] }]);
    await again.stop();
  },
  120_000,
);

ownServerTest('a wrong file stops the start before anything is made, and names the field', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'tenant.yaml');
  await writeFile(file, tenant('{hosts: [Acme]}'));
  const start = startStandaloneProcess(path.join(folder.path, 'data'), {}, ['-f', file]);
  await expect(start).rejects.toThrow(StartFailed);
  await expect(start).rejects.toThrow('Tenant acme: spec.hosts[0]: is not a host name in lower case');
});
