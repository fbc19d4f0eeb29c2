export { deathAt, faultAt, faultsEverywhere, faultsTimeoutMs, onlyAt, PlantedFault, stepsBetweenDeaths, type Faults } from './fault-at.ts';
export { startFaultProxy, type Fault, type FaultProxy } from './fault-proxy.ts';
export { freePort, freePortRow, freePorts } from './free-port.ts';
export { openKubeApi, type KubeAnswer, type KubeApi, type KubeObject, type KubeRequest } from './kube-api.ts';
export { falseClock, type FalseClock } from './false-clock.ts';
export { makeCertificate, type Certificate } from './make-certificate.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
export { mortalCalls } from './mortal-calls.ts';
export { mortalDatabase } from './mortal-database.ts';
export { newId, newUuid, type UuidSource } from './new-uuid.ts';
export { ownsPort } from './port-owner.ts';
export { readZip } from './read-zip.ts';
export { measurePlans, recordStatements, type MeasuredPlan, type RecordedDatabase, type SentStatement } from './record-statements.ts';
export { restoreEverywhere, type RestoredService, type RestoreRoutes } from './restore-everywhere.ts';
export { rowsOfTenant, tenantTables, unnamedTables } from './rows-of-tenant.ts';
export { scriptProcess } from './script-process.ts';
export { secureServer } from './secure-server.ts';
export { seededRandom, type SeededRandom } from './seeded-random.ts';
export { startServerProcess, type ServerProcess, type ServerProcessOptions } from './server-process.ts';
export { startNginx, type NginxServer } from './start-nginx.ts';
export { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';
export {
  testComponent,
  testComponentsVariable,
  type ComponentSuffix,
  type SecureListener,
  type TestComponents,
} from './test-components.ts';
export { createTestDatabase, type TestDatabase, type TestService } from './test-database.ts';
export { closeTestRun, openTestRun, testServer, type TestServer } from './test-server.ts';
export { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from './trace-receiver.ts';
export { waitFor } from './wait-for.ts';
