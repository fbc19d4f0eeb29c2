import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { accessFromPod, findPodAccount } from './pod-access.ts';

const inPod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

test('an account is found in a pod alone, and not where a kubeconfig is named', async () => {
  await using folder = await temporaryFolder();
  expect(findPodAccount(inPod, folder.path)).toBeUndefined();
  await writeFile(path.join(folder.path, 'token'), 'first\n');
  expect(findPodAccount(inPod, folder.path)).toEqual({ server: new URL('https://[fd00::1]'), folder: folder.path });
  expect(findPodAccount({}, folder.path)).toBeUndefined();
  expect(findPodAccount({ ...inPod, KUBECONFIG: '/somewhere' }, folder.path)).toBeUndefined();
});

test('its token is read again once a minute has gone', async () => {
  await using folder = await temporaryFolder();
  const write = (name: string, text: string) => writeFile(path.join(folder.path, name), text);
  await write('ca.crt', 'authority\n');
  await write('token', 'first\n');
  let nowMs = 0;
  const access = accessFromPod({ server: new URL('https://10.0.0.1:6443'), folder: folder.path }, () => nowMs);
  const bearer = async () => (await access.options()).headers;
  expect(await access.options()).toMatchObject({ ca: 'authority', headers: { authorization: 'Bearer first' } });
  await write('token', 'second\n');
  nowMs = 59_999;
  expect(await bearer()).toEqual({ authorization: 'Bearer first' });
  nowMs = 60_000;
  expect(await bearer()).toEqual({ authorization: 'Bearer second' });
  access.close();
});
