import type { Scenario } from '../scenario.ts';
import { appendLog } from './append-log.ts';
import { deletesAgainstEdits } from './deletes-against-edits.ts';
import { gitCheckout } from './git-checkout.ts';
import { npmInstall } from './npm-install.ts';
import { offlineReunion } from './offline-reunion.ts';
import { renameStorm } from './rename-storm.ts';
import { saveDance } from './save-dance.ts';
import { sqliteInUse } from './sqlite-in-use.ts';

/** Everything that is played, in the order of docs and acceptance. */
export const scenarios: readonly Scenario[] = [
  gitCheckout,
  npmInstall,
  saveDance,
  appendLog,
  sqliteInUse,
  offlineReunion,
  renameStorm,
  deletesAgainstEdits,
];
