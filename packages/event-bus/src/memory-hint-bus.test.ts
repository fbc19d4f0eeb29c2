import { expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId } from '@driftbox/domain';
import { newId, waitFor } from '@driftbox/testkit';
import { hintBusConformance } from './hint-bus-conformance.ts';
import { createMemoryHintBus } from './index.ts';

hintBusConformance('memory hint bus', async () => createMemoryHintBus());

test('the memory hint bus tells what a listener threw', async () => {
  const errors: unknown[] = [];
  const bus = createMemoryHintBus((error) => errors.push(error));
  const error = new Error('careless');
  await bus.subscribe(() => {
    throw error;
  });
  bus.publish({ tenantId: newId(parseTenantId), drive: newId(parseDriveId), driveEpoch: 'e', seq: 1 });
  await waitFor(() => errors.length > 0);
  expect(errors).toEqual([error]);
});
