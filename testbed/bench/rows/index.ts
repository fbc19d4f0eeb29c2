import type { OperatorRow, Row } from '../row.ts';
import { appendTraffic } from './append-traffic.ts';
import { commitsBatch } from './commits-batch.ts';
import { commitsOne } from './commits-one.ts';
import { download1Gib } from './download-1gib.ts';
import { hintLatency } from './hint-latency.ts';
import { idleClient } from './idle-client.ts';
import { insertFront } from './insert-front.ts';
import { insertFrontTime } from './insert-front-time.ts';
import { listing } from './listing.ts';
import { oneByteFile } from './one-byte-file.ts';
import { loudNeighbour } from './loud-neighbour.ts';
import { operatorMany } from './operator-many.ts';
import { operatorRecovery } from './operator-recovery.ts';
import { operatorTenant } from './operator-tenant.ts';
import { planner } from './planner.ts';
import { poll } from './poll.ts';
import { renameLargeFolder, renameSharedFolder } from './rename-large-folder.ts';
import { smallFilesRequests } from './small-files-requests.ts';
import { smallFilesTime } from './small-files-time.ts';
import { scrubRate } from './scrub-rate.ts';
import { search } from './search.ts';
import { serviceStart } from './service-start.ts';
import { simulationSeeds } from './simulation-seeds.ts';
import { smallUploadCost } from './small-upload-cost.ts';
import { tracingCost } from './tracing-cost.ts';
import { unchangedPass } from './unchanged-pass.ts';
import { upload1Gib } from './upload-1gib.ts';
import { uploadAgain } from './upload-again.ts';
import { uploadMemory } from './upload-memory.ts';

/** The rows that can be measured today, in the table's order. */
export const rows: readonly Row[] = [
  upload1Gib,
  download1Gib,
  insertFront,
  insertFrontTime,
  smallFilesTime,
  smallFilesRequests,
  unchangedPass,
  oneByteFile,
  appendTraffic,
  idleClient,
  renameLargeFolder,
  renameSharedFolder,
  uploadAgain,
  commitsOne,
  commitsBatch,
  poll,
  listing,
  hintLatency,
  search,
  tracingCost,
  loudNeighbour,
  uploadMemory,
  planner,
  simulationSeeds,
  scrubRate,
  serviceStart,
  smallUploadCost,
];

/** Those of the operator. */
export const operatorRows: readonly OperatorRow[] = [operatorTenant, ...operatorMany, ...operatorRecovery];
