import { parseTenantId } from '@driftbox/domain';
import { dataKeyOf } from '../src/index.ts';
import { defined } from '../src/testing/pack-fixture.ts';
import type { DataKey } from '../src/index.ts';

/** The data key of the golden packs: no secret, since it stands here. */
export const goldenKey: DataKey = dataKeyOf(defined(parseTenantId('0190a0b0-c0d0-7e0f-8000-000000000001')), 7, new Uint8Array(32).fill(0x5a));
