import { parseTenantId } from '@driftbox/domain';
import { dataKeyOf } from '../index.ts';
import { defined } from './pack-fixture.ts';
import type { DataKey } from '../index.ts';

const tenant = defined(parseTenantId('0190a0b0-c0d0-7e0f-8000-000000000001'));

/** The data key of the golden packs: no secret, since it stands here. */
export const goldenKey: DataKey = dataKeyOf(tenant, 7, new Uint8Array(32).fill(0x5a));
