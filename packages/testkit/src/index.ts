export { faultAt, PlantedFault, type Faults } from './fault-at.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
export { newId, newUuid, type UuidSource } from './new-uuid.ts';
export { seededRandom, type SeededRandom } from './seeded-random.ts';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';
export { createTestDatabase, type TestDatabase, type TestService } from './test-database.ts';
export { closeTestRun, openTestRun, testServer, type TestServer } from './test-server.ts';
export { waitFor } from './wait-for.ts';
