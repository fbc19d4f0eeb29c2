import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { adminUrl, cellLabel, cellNames, gatewayAddress, masterKeys, masterPlace, poolLabel, poolNames, secretNames } from './names.ts';

const charts = path.resolve(import.meta.dirname, '../../../charts');
const chartText = (file: string): Promise<string> => readFile(path.join(charts, file), 'utf8');

const longest = 'c'.repeat(40);

test('names fit into what they are names of, for the longest cell and pool', () => {
  expect(cellNames(longest).namespace.length).toBeLessThanOrEqual(63);
  expect(poolNames(longest).namespace.length).toBeLessThanOrEqual(63);
  for (const release of [cellNames(longest).backendsRelease, poolNames(longest).release]) expect(release.length).toBeLessThanOrEqual(53);
  // The longest name of an object that a chart makes has to remain a name of a Service.
  expect(`${cellNames(longest).cellRelease}-gateway-internal`.length).toBeLessThanOrEqual(63);
});

test('no cell and pool share a namespace, or a Secret of the operator', () => {
  const { namespace, master } = cellNames('pool-main');
  expect([namespace, master]).not.toEqual(expect.arrayContaining([poolNames('main').namespace]));
  expect(master).not.toBe(poolNames('cell-main').master);
});

test('a cell is reached by the names of its services', () => {
  expect(adminUrl('eu', 'auth', false)).toBe('http://eu-auth.driftbox-cell-eu.svc:9090');
  expect(adminUrl('eu', 'auth', true)).toBe('https://eu-auth.driftbox-cell-eu.svc:9443');
  expect(masterPlace('system', 'eu')).toEqual({ namespace: 'system', name: 'cell-eu' });
  expect(gatewayAddress('eu', 'https')).toBe('https://eu-gateway.driftbox-cell-eu.svc:443');
});

test('Secrets and labels are called as the charts call them', async () => {
  const secretsOf = async (chart: string) => (parse(await chartText(`${chart}/values.yaml`)) as { secrets: object }).secrets;
  const { cell, databases, redis, s3, keys, postgres, minio, redisPassword } = secretNames;
  expect(await secretsOf('driftbox-cell')).toMatchObject({ cell, databases, redis, s3, keys });
  expect(await secretsOf('driftbox-backends')).toMatchObject({ postgres, minio, redis: redisPassword });
  expect(await chartText('driftbox-cell/templates/_settings.tpl')).toContain(`"key" "${masterKeys.serviceKey}"`);
  for (const label of [cellLabel, poolLabel]) expect(await chartText('driftbox-operator/templates/policy.yaml')).toContain(`'${label}'`);
});
