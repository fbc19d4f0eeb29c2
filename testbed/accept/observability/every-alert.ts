import path from 'node:path';
import { ruleFile } from '@driftbox/observability';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { startClientLoad } from '../../src/client-load.ts';
import { cliLoadClient } from '../../src/load-clients.ts';
import { demandedPanels, emptyPanels, type Asked } from '../../src/empty-panels.ts';
import type { PrometheusServer } from '../../src/start-prometheus.ts';
import { trustCertificate } from '../../src/trust-certificate.ts';
import { requireObservability, startObservability, type Watching } from '../../stack/start-observability.ts';
import { startStack, type Stack } from '../../stack/start-stack.ts';
import type { Point, Shown, Tell } from '../point.ts';
import { openAlertLog, type AlertLog } from './alert-log.ts';
import { faultsOf, type Fault } from './faults.ts';
import { startPeople } from './people-at-work.ts';

/** Every window and patience is so much shorter than in service, where promtool covers the true ones. */
const divisor = 60;
/** Twice the longest short window and its patience, and what a loaded machine takes. */
const fireDeadlineMs = 240_000;
const resolveDeadlineMs = 900_000;

/** The point that needs a stack with everything around it, and so shows two things on one. */
export const everyAlert: Point = {
  number: 1,
  promise: 'on a stack watched by Prometheus and Alertmanager every alert is raised by a real fault, and resolves after it',
  show: (tell) =>
    onWatchedStack(tell, async ({ stack, log }) => {
      const lines: string[] = [];
      let holds = true;
      for (const fault of faultsOf(stack)) {
        for (const shown of await showFault(fault, log, tell)) {
          holds &&= shown.holds;
          lines.push(shown.figure);
        }
      }
      return { holds, figure: lines.join('\n') };
    }),
};

/** Each panel of each dashboard, on the same kind of stack. */
export const panelsHaveData: Point = {
  number: 3,
  promise: 'every panel of every dashboard of a cell has data while people work',
  show: (tell) => onWatchedStack(tell, ({ stack, watching }) => showPanels(stack, watching.prometheus)),
};

type World = { readonly stack: Stack; readonly watching: Watching; readonly log: AlertLog };

/** `DRIFTBOX_ACCEPT_SMALL` takes one node of each back end, and one process of each service. */
async function onWatchedStack(tell: Tell, show: (world: World) => Promise<Shown>): Promise<Shown> {
  requireObservability();
  const small = process.env['DRIFTBOX_ACCEPT_SMALL'] !== undefined;
  const log = await openAlertLog();
  const stack = await startStack({ small, replicas: small ? 1 : 2, report: tell });
  try {
    await trustCertificate(stack.certificateFile);
    const watching = await startObservability(stack, { rules: ruleFile({ divisor }), everySeconds: 1, webhook: log.url });
    const people = await startPeople(stack.address, 4);
    tell('Prometheus and Alertmanager watch, and people work');
    try {
      return await show({ stack, watching, log });
    } finally {
      await people.stop();
      await watching.stop();
    }
  } finally {
    await stack.stop();
    await log.close();
  }
}

/** Waits until all have data, for three minutes at most; those that have none then are named. */
async function showPanels(stack: Stack, prometheus: PrometheusServer): Promise<Shown> {
  await using folder = await temporaryFolder();
  // What only the protocol of chunks counts, and something that is not there.
  const client = await cliLoadClient(stack.address, 'large', folder.path, path.resolve(stack.certificateFile));
  const large = startClientLoad(client, 'large', 0);
  const asked = demandedPanels();
  let empty: readonly Asked[] = asked;
  const isFull = async (): Promise<boolean> => {
    await client.get('there-is-no-such-file').catch(() => {});
    empty = await emptyPanels(prometheus, asked);
    return empty.length === 0;
  };
  await waitFor(isFull, { deadlineMs: 180_000, longestPauseMs: 2_000 }).catch(() => {});
  await large.stop();
  client.close();
  const figure = [`${asked.length} questions of dashboards, ${empty.length} without data`, ...empty.map(({ panel }) => panel)].join('\n');
  return { holds: empty.length === 0, figure };
}

async function showFault({ what, alerts, begin, end }: Fault, log: AlertLog, tell: Tell): Promise<Shown[]> {
  tell(what);
  const beganMs = performance.now();
  const since = (startMs: number): string => `${Math.round((performance.now() - startMs) / 1000)} s`;
  const settle = async (alert: string, state: 'firing' | 'resolved', startMs: number, deadlineMs: number): Promise<string | undefined> => {
    const seen = await log.until(alert, state, deadlineMs).then(
      () => true,
      () => false,
    );
    return seen ? since(startMs) : undefined;
  };
  await begin();
  const fired = await Promise.all(alerts.map((alert) => settle(alert, 'firing', beganMs, fireDeadlineMs)));
  await end();
  const endedMs = performance.now();
  const resolved = await Promise.all(alerts.map((alert) => settle(alert, 'resolved', endedMs, resolveDeadlineMs)));
  return alerts.map((alert, index) => {
    const [up, down] = [fired[index], resolved[index]];
    const figure = `${alert}: ${what}: told after ${up ?? 'NEVER'}, resolved ${down ?? 'NEVER'} after its end`;
    tell(figure);
    return { holds: up !== undefined && down !== undefined, figure };
  });
}
