import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testComponent } from '@driftbox/testkit';
import { findLost } from './find-lost.ts';
import { openTarget, type Target } from './open-target.ts';
import { prepareUsers } from './prepare-users.ts';
import { profiles } from './profiles.ts';
import { runLoad } from './run-load.ts';

const timeoutMs = 120_000;
const seconds = 3;
let target: Target;

beforeAll(async () => void (target = await openTarget('standalone', undefined)), timeoutMs);
afterAll(async () => target.close(), timeoutMs);

// How many requests it comes to in so short a time is the machine's affair.
const smoke = { ...profiles.find(({ name }) => name === 'smoke')!, users: 2, sockets: 3, requestsAtLeast: 1 };
const load = (profile = smoke, forSeconds = seconds) =>
  runLoad({
    profile,
    minutes: forSeconds / 60,
    k6Command: testComponent('k6').command,
    target: 'standalone',
    address: target.address,
    isOurs: target.isOurs,
    report: () => {},
  });

test(
  'a short smoke asks every route without a failure, and finds again what was acknowledged',
  async () => {
    const { results, observed, kept, said, k6ExitCode, passed } = await load();
    expect({ said, failures: results.failures, lost: kept.lost }).toEqual({ said: [], failures: 0, lost: [] });
    const idle = results.routes.filter(({ requests }) => requests === 0).map(({ name }) => name);
    // Files in pieces are larger than those of a smoke.
    expect(idle).toEqual(['createUpload', 'appendToUpload', 'resolvePath']);
    expect(kept.readBack).toBe(kept.acknowledged);
    expect(kept.acknowledged).toBeGreaterThan(0);
    expect(results.verdicts.filter(({ holds }) => !holds)).toEqual([]);
    expect(results.hints).toMatchObject({ opened: 3, lost: 0, delayP50Ms: expect.any(Number) });
    expect(results.hints?.heard).toBeGreaterThan(0);
    expect({ passed, k6ExitCode }).toEqual({ passed: true, k6ExitCode: 0 });
    const { standalone, postgres, k6 } = observed.samples.findLast(({ parts }) => parts['k6'] !== undefined)!.parts;
    for (const part of [standalone, postgres, k6]) expect(part?.cpuSeconds).toBeGreaterThan(0);
    for (const amount of ['memoryBytes', 'files', 'sockets'] as const) expect(standalone?.[amount]).toBeGreaterThan(0);
  },
  timeoutMs,
);

test(
  'large files come in pieces, and are there whole',
  async () => {
    const mix = { upload: 1 };
    const files = { largestBytes: 1_000_000, pieceBytes: 100_000 };
    const { results, kept, said, passed } = await load({ ...smoke, model: { kind: 'closed', steps: [2] }, mix, sockets: 0, files });
    expect({ said, lost: kept.lost, passed }).toEqual({ said: [], lost: [], passed: true });
    expect(results.routes.find(({ name }) => name === 'appendToUpload')?.requests).toBeGreaterThan(1);
  },
  timeoutMs,
);

test(
  'a bound that is missed makes k6 exit with 99, and the run fail',
  async () => {
    const closed = { kind: 'closed', steps: [1] } as const;
    const { k6ExitCode, passed, results } = await load({ ...smoke, model: closed, sockets: 0, requestsAtLeast: 1e9 }, 1);
    expect({ k6ExitCode, passed }).toEqual({ k6ExitCode: 99, passed: false });
    expect(results.verdicts.filter(({ holds }) => !holds).map(({ metric }) => metric)).toEqual(['http_reqs']);
    expect(results.steps[0]?.requests).toBeGreaterThan(0);
  },
  timeoutMs,
);

test(
  'a file that is missing, too short or different counts as lost',
  async () => {
    const prepared = await prepareUsers(target.address, 1);
    const [file] = prepared.all[0]!.user.files;
    const { entryId, sizeBytes } = file!;
    const missing = { user: 0, rev: 1, entryId: '00000000-0000-4000-8000-000000000000', digest: '00', sizeBytes };
    const different = { user: 0, rev: 1, entryId, digest: '00', sizeBytes };
    const short = { user: 0, rev: 1, entryId, digest: '00', sizeBytes: sizeBytes + 1 };
    const { lost } = await findLost(prepared.all, [missing, different, short]);
    prepared.close();
    expect(lost.filter((line) => line.includes('not in its folder'))).toHaveLength(1);
    expect(lost.filter((line) => line.includes('bytes instead of'))).toHaveLength(1);
    expect(lost.filter((line) => line.includes('read back as'))).toHaveLength(3);
  },
  timeoutMs,
);
