import { expect, test } from '@jest/globals';
import { readLogin } from './login.ts';

test('a connection string names role, password and database, however many servers', () => {
  const login = { role: 'auth', password: 'a/b', database: 'driftbox' };
  expect(readLogin('postgresql://auth:a%2Fb@db/driftbox', 'X')).toEqual(login);
  expect(readLogin('postgres://auth:a%2Fb@db-0:5432,db-1:5432/driftbox?sslmode=require', 'X')).toEqual(login);
});

test('one that lacks something is refused without being quoted', () => {
  for (const text of ['postgresql://auth@db/driftbox', 'postgresql://auth:secret@db', 'secret', 'mysql://auth:secret@db/driftbox']) {
    expect(() => readLogin(text, 'DRIFTBOX_AUTH_DATABASE_URL')).toThrow(/^DRIFTBOX_AUTH_DATABASE_URL must be/);
    expect(() => readLogin(text, 'X')).not.toThrow(/secret/);
  }
});
