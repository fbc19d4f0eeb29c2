import { afterAll, beforeAll } from '@jest/globals';
import type { TestDatabase } from '@driftbox/testkit';
import { openDoor, type Door } from './door.ts';
import { openTestDatabase } from './world.ts';

/** Opens a database and the door to metadata on it for a test file, before its first test. */
export function useDoor(take: (db: TestDatabase, door: Door) => void): void {
  let db: TestDatabase;
  let door: Door;
  beforeAll(async () => {
    db = await openTestDatabase();
    door = await openDoor(db.database);
    take(db, door);
  }, 60_000);
  afterAll(async () => {
    await door.stop();
    await db.drop();
  });
}
