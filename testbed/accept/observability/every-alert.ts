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
import { startPeople, type PeopleAtWork } from './people-at-work.ts';

/** Every window and patience is so much shorter than in service, where promtool covers the true ones. */
const divisor = 60;
/**
 * Six hours, which are six minutes here, and what a loaded machine takes: people who wait ask less often, so that what went well before
 * weighs in a window until it has left it.
 */
const fireDeadlineMs = 480_000;
const resolveDeadlineMs = 900_000;

/** The point that needs a stack with everything around it, and so shows two things on one. */
export const everyAlert: Point = {
  number: 1,
  promise: 'on a stack watched by Prometheus and Alertmanager every alert of a cell is raised by a real fault, and resolves after it',
  show: (tell) =>
    onWatchedStack(tell, async ({ stack, people, log }) => {
      const endings: (() => Promise<Shown[]>)[] = [];
      for (const fault of faultsOf(stack, people)) endings.push(await showFault(fault, log, tell));
      const shown = (await Promise.all(endings.map((ending) => ending()))).flat();
      return { holds: shown.every(({ holds }) => holds), figure: shown.map(({ figure }) => figure).join('\n') };
    }),
};

/** Each panel of each dashboard, on the same kind of stack. */
export const panelsHaveData: Point = {
  number: 3,
  promise: 'every panel of every dashboard of a cell has data while people work',
  show: (tell) => onWatchedStack(tell, ({ stack, watching }) => showPanels(stack, watching.prometheus)),
};

type World = { readonly stack: Stack; readonly watching: Watching; readonly people: PeopleAtWork; readonly log: AlertLog };

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
      return await show({ stack, watching, people, log });
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

const since = (startMs: number): string => `${Math.round((performance.now() - startMs) / 1000)} s`;

/**
 * Lets it happen until all its alerts were told, and undoes it. Answers what waits for their end, so that the next fault need not:
 * an alert that looks back over hours takes minutes even here, and another fault that it also sees makes it longer.
 */
async function showFault({ what, alerts, begin, end }: Fault, log: AlertLog, tell: Tell): Promise<() => Promise<Shown[]>> {
  tell(what);
  // What a fault before left behind is none of this one's.
  for (const alert of alerts) await log.until(alert, 'resolved', resolveDeadlineMs);
  for (const alert of alerts) log.forget(alert);
  const beganMs = performance.now();
  await begin();
  const told = alerts.map(async (alert) => {
    const after = await log.until(alert, 'firing', fireDeadlineMs).then(
      () => since(beganMs),
      () => undefined,
    );
    tell(`${alert}: ${after === undefined ? 'never told' : `told after ${after}`}`);
    return after;
  });
  const fired = await Promise.all(told);
  await end();
  const endedMs = performance.now();
  const ended = alerts.map(async (alert, index): Promise<Shown> => {
    const after = await log.until(alert, 'resolved', resolveDeadlineMs).then(
      () => since(endedMs),
      () => undefined,
    );
    tell(`${alert}: ${after === undefined ? 'never resolved' : `resolved ${after} after the end of: ${what}`}`);
    const figure = `${alert}: ${what}: told after ${fired[index] ?? 'NEVER'}, resolved ${after ?? 'NEVER'} after its end`;
    return { holds: fired[index] !== undefined && after !== undefined, figure };
  });
  return () => Promise.all(ended);
}
