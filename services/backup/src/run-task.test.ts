import { BackupDamaged, openFolderDestination, type Cell } from '@driftbox/backup';
import { StoreError } from '@driftbox/chunk-store';
import { parseTenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { internalAddresses } from './internal-addresses.ts';
import { judgeFailure } from './judge-failure.ts';
import { runTask } from './run-task.ts';

const tenantId = parseTenantId('11111111-1111-4111-8111-111111111111')!;
const unasked: Cell = () => {
  throw new Error('a removal asks no cell');
};

test('removing what is gone already is done, and asks no cell', async () => {
  await using folder = await temporaryFolder();
  const destination = await openFolderDestination(folder.path, tenantId, Buffer.alloc(32, 7));
  const signal = new AbortController().signal;
  const outcome = await runTask(unasked, destination, { do: 'remove', point: tenantId }, { tell: () => undefined, signal });
  expect(outcome).toEqual({ packs: 0, bytes: 0 });
});

test.each<[string, unknown, boolean, string]>([
  ['no answer', new Problem('unavailable', 'the service is away'), false, 'the service is away'],
  ['a tenant that is in use', new Problem('not_suspended', 'it is not suspended'), true, 'set spec.suspended of the Tenant to true'],
  ['a tenant that has something', new Problem('already_exists', 'it has rows'), true, 'set spec.replace to true'],
  ['somebody else at work', new Problem('locked', 'Process 7 of far is making a backup here'), false, 'Process 7 of far'],
  ['another key', new StoreError('corrupt', 'it does not open'), true, 'not under this key, or are damaged'],
  ['a bucket out of reach', new StoreError('unavailable', 'no answer'), false, 'no answer'],
  ['a damaged point', new BackupDamaged([]), true, 'choose another backup'],
])('%s is hopeless, or not, and says what to do', (_, error, isHopeless, why) => {
  expect(judgeFailure(error)).toEqual({ why: expect.stringContaining(why), isHopeless });
});

test('addresses are read one by one', () => {
  expect(internalAddresses('auth=http://a:1,upload=http://b:2')).toEqual(
    new Map([
      ['auth', 'http://a:1'],
      ['upload', 'http://b:2'],
    ]),
  );
  for (const wrong of ['auth', 'nobody=http://a:1', 'auth=a:1']) expect(() => internalAddresses(wrong)).toThrow('is not SERVICE=URL');
});
