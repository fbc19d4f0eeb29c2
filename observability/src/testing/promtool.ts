import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { testComponent } from '@driftbox/testkit';
import { stringify } from 'yaml';
import { ruleGroups } from '../rules/rule-groups.ts';

/** What Prometheus would have read, a value a minute. */
export type Series = { readonly series: string; readonly values: string };

/** What an expression must answer at a minute: one number, or nothing at all. */
export type Expectation = { readonly expr: string; readonly minute: number; readonly value: number | undefined };

/** Something that happened, in simulated time, and what the rules must make of it. */
export type Story = {
  /** The journeys that it is about; rules that record others are left out, since each evaluation has its price. */
  readonly journeys: readonly string[];
  readonly series: readonly Series[];
  readonly expect: readonly Expectation[];
  /** How often rules are evaluated; default every minute. */
  readonly everyMinutes?: number;
};

const run = promisify(execFile);

/** Lets promtool play the story by the rules as they are in service. Throws with its complaint where it goes otherwise. */
export async function playStory({ journeys, series, expect, everyMinutes = 1 }: Story): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-promtool-'));
  try {
    await writeFile(path.join(folder, 'rules.yaml'), stringify({ groups: rulesOf(journeys) }, { lineWidth: 0 }));
    const tests = {
      rule_files: ['rules.yaml'],
      evaluation_interval: `${everyMinutes}m`,
      // Otherwise promtool takes groups in any order, and alerts may read what is not recorded yet.
      group_eval_order: ruleGroups().map(({ name }) => name),
      tests: [
        {
          interval: '1m',
          input_series: series,
          promql_expr_test: expect.map(({ expr, minute, value }) => ({
            expr,
            eval_time: `${minute}m`,
            exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
          })),
        },
      ],
    };
    await writeFile(path.join(folder, 'story.yaml'), stringify(tests, { lineWidth: 0 }));
    await run(testComponent('prometheus').promtool, ['test', 'rules', 'story.yaml'], { cwd: folder, maxBuffer: 2 ** 24, timeout: 100_000 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool: ${stdout}${stderr}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rulesOf(journeys: readonly string[]): object {
  return ruleGroups().map((group) => ({
    ...group,
    rules: group.rules.filter(({ labels }) => labels === undefined || !('journey' in labels) || journeys.includes(labels['journey'] ?? '')),
  }));
}

/** How many series of an alert are firing. */
export function firing(alert: string): string {
  return `count(ALERTS{alertname="${alert}",alertstate="firing"})`;
}
