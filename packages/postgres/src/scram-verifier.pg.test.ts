import { chmod } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { startPostgresServer } from '@driftbox/postgres-server';
import { temporaryFolder } from '@driftbox/testkit';
import { createDatabase, migrate, relayRole } from './index.ts';
import { scramVerifier } from './scram-verifier.ts';

test("the verifier of RFC 7677's example, computed from its salt and password", () => {
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  expect(verifier).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
  expect(() => scramVerifier('pässword')).toThrow('ASCII');
  expect(() => scramVerifier('')).toThrow('ASCII');
});

test('a service and its relay log in with the passwords that migrate set, and with no other', async () => {
  await using folder = await temporaryFolder();
  await chmod(folder.path, 0o755);
  const server = await startPostgresServer({ folder: folder.path, durability: 'fast', port: 0 });
  const login = async (user: string, password: string): Promise<unknown> => {
    const database = createDatabase({
      host: '127.0.0.1',
      port: server.tcpPort,
      database: 'postgres',
      user,
      password,
      applicationName: 'login',
    });
    try {
      return (await database.query('SELECT current_user AS me')).rows[0]?.['me'];
    } finally {
      await database.close();
    }
  };
  try {
    const directory = new URL('./testing/migrations/', import.meta.url);
    await migrate({ admin: server.connection, schema: 'notes', serviceRole: 'notes', password: 'one', relayPassword: 'two', directory });
    expect(await login('notes', 'one')).toBe('notes');
    expect(await login(relayRole('notes'), 'two')).toBe('notes_relay');
    await expect(login('notes', 'two')).rejects.toThrow();
    await migrate({ admin: server.connection, schema: 'notes', serviceRole: 'notes', password: 'three', directory });
    expect(await login('notes', 'three')).toBe('notes');
    await expect(login('notes', 'one')).rejects.toThrow();
    await expect(login('notes_owner', 'three')).rejects.toThrow();
  } finally {
    await server.stop();
  }
});
