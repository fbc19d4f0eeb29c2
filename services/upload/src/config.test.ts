import { expect, test } from '@jest/globals';
import { loadConfig } from '@driftbox/service-kit';
import { configTable } from './config.ts';
import { readPools } from './pool-settings.ts';
import { readKeys } from './keys/key-settings.ts';

const needed = {
  DRIFTBOX_UPLOAD_DATABASE_URL: 'postgresql://upload@db/driftbox',
  DRIFTBOX_KEY_FILE: '/keys.json',
  DRIFTBOX_METADATA_URL: 'http://metadata',
  DRIFTBOX_AUTH_URL: 'http://auth',
  DRIFTBOX_SERVICE_KEY: 'k'.repeat(32),
  DRIFTBOX_CONTENT_URL_SECRET: 'u'.repeat(32),
};
const s3 = {
  DRIFTBOX_S3_ENDPOINT: 'https://s3.example.com:9000',
  DRIFTBOX_S3_BUCKET: 'packs',
  DRIFTBOX_S3_ACCESS_KEY: 'access',
  DRIFTBOX_S3_SECRET_KEY: 'hidden',
};
const poolOf = (env: Record<string, string>) => readPools(loadConfig(configTable, { ...needed, ...env }));

test('a pool is a folder or a bucket', () => {
  expect(poolOf({ DRIFTBOX_POOL_FOLDER: '/pool' })).toEqual({ pool: { kind: 'disk', folder: '/pool' }, mirror: undefined });
  const bucket = { kind: 's3', endpoint: 'https://s3.example.com:9000', bucket: 'packs', region: 'us-east-1' };
  expect(poolOf(s3)).toMatchObject({ pool: bucket });
});

test('no pool, two pools and half a bucket are refused with what to do', () => {
  expect(() => poolOf({})).toThrow('set either DRIFTBOX_S3_ENDPOINT');
  expect(() => poolOf({ ...s3, DRIFTBOX_POOL_FOLDER: '/pool' })).toThrow('set either DRIFTBOX_S3_ENDPOINT');
  const half = { DRIFTBOX_S3_ENDPOINT: 's3.example.com', DRIFTBOX_S3_SECRET_KEY: 'hidden' };
  expect(() => poolOf(half)).toThrow(/must be an address[^]*DRIFTBOX_S3_BUCKET is missing[^]*DRIFTBOX_S3_ACCESS_KEY is missing/);
  expect(() => poolOf(half)).not.toThrow(/hidden/);
});

const mirror = {
  DRIFTBOX_MIRROR_S3_ENDPOINT: 'https://other.example.com',
  DRIFTBOX_MIRROR_S3_BUCKET: 'copies',
  DRIFTBOX_MIRROR_S3_ACCESS_KEY: 'access',
  DRIFTBOX_MIRROR_S3_SECRET_KEY: 'hidden',
};

test('a mirror is a second folder or bucket, never the pool itself', () => {
  expect(poolOf({ ...s3, ...mirror }).mirror).toMatchObject({ kind: 's3', endpoint: 'https://other.example.com', bucket: 'copies' });
  expect(poolOf({ ...s3, DRIFTBOX_MIRROR_FOLDER: '/copies' }).mirror).toEqual({ kind: 'disk', folder: '/copies' });
  expect(() => poolOf({ ...s3, ...mirror, DRIFTBOX_MIRROR_FOLDER: '/copies' })).toThrow('not both');
  expect(() => poolOf({ DRIFTBOX_POOL_FOLDER: '/pool', DRIFTBOX_MIRROR_FOLDER: '/pool' })).toThrow('the mirror is where the pool is');
  const half = { ...s3, DRIFTBOX_MIRROR_S3_ENDPOINT: 'other.example.com' };
  expect(() => poolOf(half)).toThrow(/DRIFTBOX_MIRROR_S3_ENDPOINT must be an address[^]*DRIFTBOX_MIRROR_S3_BUCKET is missing/);
});

const keysOf = ({ DRIFTBOX_KEY_FILE: file, ...env }: Record<string, string>) =>
  readKeys(loadConfig(configTable, { ...needed, ...env }), file);
const transit = { DRIFTBOX_TRANSIT_URL: 'https://bao.example.com:8200', DRIFTBOX_TRANSIT_TOKEN_FILE: '/run/token' };

test('keys are in a file, or in a transit engine where its address is set', () => {
  expect(keysOf({ DRIFTBOX_KEY_FILE: '/keys.json' })).toEqual({ kind: 'file', path: '/keys.json' });
  expect(keysOf({ ...transit, DRIFTBOX_KEY_FILE: '/keys.json' })).toMatchObject({ kind: 'transit', mount: 'transit', key: 'driftbox' });
});

test('no keys, and a transit engine that cannot be used, are refused with what to do', () => {
  expect(() => keysOf({})).toThrow('set either DRIFTBOX_KEY_FILE');
  const bad = { DRIFTBOX_TRANSIT_URL: 'http://bao.example.com', DRIFTBOX_TRANSIT_KEY: 'a/b' };
  expect(() => keysOf(bad)).toThrow(/must be https[^]*name of the transit key[^]*DRIFTBOX_TRANSIT_TOKEN_FILE is missing/);
});
