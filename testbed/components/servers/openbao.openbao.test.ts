import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createTransitKeyManager, generateDataKey, patientKeys, type KeyManager } from '@driftbox/chunk-store';
import { parseTenantId } from '@driftbox/domain';
import { newId, temporaryFolder } from '@driftbox/testkit';
import { startOpenbao, type RunningOpenbao } from './openbao.ts';

async function managerOf({ openbao: { url, token } }: RunningOpenbao, folder: string): Promise<KeyManager> {
  const tokenFile = path.join(folder, 'token');
  await writeFile(tokenFile, token);
  const made = await fetch(`${url}/v1/transit/keys/driftbox`, {
    method: 'POST',
    headers: { 'X-Vault-Token': token },
    body: JSON.stringify({ derived: true }),
  });
  expect(made.status).toBe(200);
  const settings = { url, mount: 'transit', key: 'driftbox', tokenFile, timeoutMs: 2_000 };
  return patientKeys(createTransitKeyManager(settings), { attempts: 2 });
}

test('sealed, or killed while in use, it is unavailable; opened again it has every key', async () => {
  await using folder = await temporaryFolder();
  const server = await startOpenbao(folder.path);
  try {
    const manager = await managerOf(server, folder.path);
    const key = generateDataKey(newId(parseTenantId), 1);
    const wrapped = await manager.wrap(key);
    const opened = async (): Promise<void> => {
      expect((await manager.unwrap(key, wrapped)).secret.equals(key.secret)).toBe(true);
      expect((await manager.rewrap([{ of: key, wrapped }]))[0]).toMatchObject({ keyGeneration: (await manager.generations()).current });
    };
    const shut = async (): Promise<void> => {
      const calls = [manager.wrap(key), manager.unwrap(key, wrapped), manager.rewrap([{ of: key, wrapped }]), manager.rotate()];
      for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
    };
    await server.seal();
    await shut();
    await server.unseal();
    await opened();
    // Killed with calls in the air: each either did its work or is unavailable.
    const calls = Array.from({ length: 20 }, () => manager.wrap(key));
    await server.kill();
    for (const one of await Promise.allSettled(calls)) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'unavailable' });
      else expect(one.value.keyGeneration).toBe(1);
    }
    await shut();
    await server.start();
    await opened();
    expect(await manager.rotate()).toBe(2);
    await opened();
  } finally {
    await server.stop();
  }
}, 60_000);
