import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { playRandomRuns } from './mysteries/random-runs.ts';
import { playScenario } from './scenario.ts';
import { deletesAgainstEdits } from './scenarios/deletes-against-edits.ts';
import { offlineReunion } from './scenarios/offline-reunion.ts';
import { saveDance } from './scenarios/save-dance.ts';
import { openStage, type Stage } from './stage.ts';

// The short ones; `npm run accept -- sync` plays all of them, with more devices and with kills.
const timeoutMs = 600_000;
let stage: Stage;

beforeAll(async () => void (stage = await openStage(2, 1)), timeoutMs);
afterAll(async () => stage.close(), timeoutMs);

test.each([saveDance, offlineReunion, deletesAgainstEdits])(
  '$name ends with equal trees, nothing lost and the predicted conflict copies',
  async (scenario) => {
    expect(await playScenario(stage, scenario)).toEqual([]);
  },
  timeoutMs,
);

test(
  'random reads, writes and deletes are explained by some order of what cannot be seen',
  async () => {
    const { failure } = await playRandomRuns(stage, 3, 41, () => {});
    expect(failure).toBeUndefined();
  },
  timeoutMs,
);
