import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';

const rows = 1_000_000;
const run = promisify(execFile);

/** Metadata's test of its plans, which `npm test` runs on fewer rows. */
export const hotPlans: Point = {
  number: 8,
  promise: `among ${rows} rows, none of metadata's hottest statements reads a table whole or more than a few pages`,
  show: async () => {
    const jest = ['--no-warnings', 'node_modules/jest/bin/jest.js', 'services/metadata/src/hot-plans'];
    const env = { ...process.env, DRIFTBOX_PLAN_ROWS: String(rows) };
    const { stderr } = await run(process.execPath, jest, { cwd: projectFolder, env, maxBuffer: 64 << 20 });
    const passed = /Tests:\s+(\d+) passed, (\d+) total/.exec(stderr);
    return {
      holds: passed !== null && passed[1] === passed[2],
      figure: passed === null ? stderr.slice(-2_000) : `${passed[1]} of ${passed[2]} requests`,
    };
  },
};
