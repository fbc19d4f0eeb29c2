import type { Plan } from '@driftbox/sync-core';
import { recordAgreements, reviewProvisional } from './agree.ts';
import { carryOutLocally } from './carry-out/local-operations.ts';
import { carryOutRemotely } from './carry-out/remote-operations.ts';
import { allDone } from './in-parallel.ts';
import { handOver } from './hand-over.ts';
import { recognizeLateArrivals } from './late-arrivals.ts';
import { learnContents, settleDoubts } from './learn-contents.ts';
import { leaveReadOnly } from './leave-read-only.ts';
import type { Life } from './life.ts';
import { observeLocal } from './observe-local.ts';
import { headRead, observeRemote } from './observe-remote.ts';
import { RootGone, RootUnreadable } from './ports/disk.ts';
import { Held, Offline } from './ports/server.ts';
import { putBack } from './put-back.ts';
import { replaceUsedIds } from './re-id.ts';
import { settlePending } from './send-pending.ts';

/**
 * What one pass came to.
 * - `moved`: something was done or learnt, so that another pass is due;
 * - `quiet`: nothing is left to do now. `lookAgainMs` says when what waits is due (milliseconds since the epoch);
 * - `offline`: the server could not be asked, or not to the end, or the folder not be looked into;
 * - `halted`: a person has to decide first.
 */
export type PassResult =
  | { readonly result: 'moved' | 'quiet'; readonly plan: Plan; readonly lookAgainMs: number | undefined }
  | { readonly result: 'offline'; readonly reason: string }
  | { readonly result: 'halted'; readonly reason: string; readonly plan: Plan | undefined };

/**
 * One pass: settle what is unsettled, observe both sides, plan, carry out. It keeps observations only, each once it is one,
 * so that a pass that ends anywhere, by a crash too, is made good by the next.
 */
export async function pass(life: Life): Promise<PassResult> {
  life.beginPass();
  try {
    await recover(life);
    await recognise(life);
    await settlePending(life);
    await readJournal(life);
    recognizeLateArrivals(life);
    await handOver(life);
    replaceUsedIds(life.around.store, life.usedIds, life.around.freshEntryId);
    await observeLocal(life);
    await settleDoubts(life);
    const plan = makePlan(life);
    const reason = life.around.objection(plan, life.around.store);
    if (reason !== undefined) return { result: 'halted', reason, plan };
    await carryOutPlan(life, plan);
    return { result: life.moved ? 'moved' : 'quiet', plan, lookAgainMs: life.lookAgainMs };
  } catch (error) {
    if (error instanceof Offline) return { result: 'offline', reason: error.message };
    if (error instanceof RootUnreadable) return { result: 'offline', reason: `the folder cannot be read: ${error.message}` };
    if (error instanceof RootGone || error instanceof Held) return { result: 'halted', reason: error.message, plan: undefined };
    throw error;
  }
}

/** Reads the journal, unless the server would have said if there were anything new in it. */
async function readJournal(life: Life): Promise<void> {
  const { news, store } = life.around;
  const isWhole = store.fact('partial') === undefined;
  if (isWhole && !life.behind && !news.mayBe(headRead(store))) return;
  news.reading();
  life.behind = true;
  await observeRemote(life.around);
  life.behind = false;
}

/** What an earlier process left behind, once per life; what could not be put back, until it is. */
async function recover(life: Life): Promise<void> {
  if (!life.recovered) {
    await life.around.disk.discardAll();
    await reviewProvisional(life);
  }
  if (!life.recovered || life.held.size > 0) await putBack(life);
}

/** Rounds of reading and agreeing: what is read is agreed on in the next. */
const recogniseRounds = 4;

/**
 * After a start, before the server is asked: a step that was done on disk, and not recorded before the crash, led to what the
 * server had then. It is recognised by that, but for times that the disk rounds; with what the server has now it would be
 * taken for the user's work.
 */
async function recognise(life: Life): Promise<void> {
  const { store } = life.around;
  if (life.recovered) return;
  if (store.fact('partial') === undefined && store.fact('cursor') !== undefined) {
    await observeLocal(life);
    for (let round = 0; round < recogniseRounds; round += 1) {
      life.moved = false;
      const plan = makePlan(life);
      // A person has to decide first, once the server was asked.
      if (life.around.objection(plan, life.around.store) !== undefined) break;
      const { agreements, read, local } = plan;
      await recordAgreements(life, agreements);
      await learnContents(life, read);
      await carryOutLocally(
        life,
        local.filter(({ op }) => op === 'adopt' || op === 'setAttributes'),
      );
      if (!life.moved) break;
    }
  }
  life.recovered = true;
}

function makePlan({ around }: Life): Plan {
  const { reconcile, store, rootId, names, device, selected, nowMs } = around;
  const { synced, local, remote } = store;
  const date = new Date(nowMs()).toISOString().slice(0, 10);
  return reconcile({ rootId, synced, local, remote, changed: store.changed(), names, device, date, selected });
}

async function carryOutPlan(life: Life, plan: Plan): Promise<void> {
  life.retries.keepOnly(new Set([...plan.read, ...plan.local.map(({ entryId }) => entryId)]));
  life.resends.keepOnly(new Set(plan.remote.map(({ entryId }) => entryId)));
  await recordAgreements(life, plan.agreements);
  // What leaves a drive that may only be read is not on its way anywhere else meanwhile.
  const isLeaving = await leaveReadOnly(life, plan.remote);
  await allDone([learnContents(life, plan.read), carryOutLocally(life, plan.local), carryOutRemotely(life, isLeaving ? [] : plan.remote)]);
}
