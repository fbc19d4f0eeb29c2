import { expect } from '@jest/globals';
import { testThatNeeds } from '../../src/target/test-that-needs.ts';
import { openPlace } from './place.ts';
import { playEvening } from './play-evening.ts';

testThatNeeds('ownServer')(
  'an evening of five people in two tenants with eleven devices ends with all trees as stated and ledgers that equal a recount',
  async () => {
    const place = await openPlace('standalone', () => {});
    try {
      expect((await playEvening(place, () => {})).wrong).toEqual([]);
    } finally {
      await place.close();
    }
  },
  1_200_000,
);
