import { setTimeout as delay } from 'node:timers/promises';
import type { Fault as ProxyFault } from '@driftbox/testkit';
import type { Damage } from './damage-pack.ts';
import { describeFault, type Fault } from './fault.ts';
import type { Notes } from './notes.ts';
import type { ChaosPart, ChaosTarget } from './target.ts';

/** What striking needs besides the world. */
export type Striking = {
  readonly target: ChaosTarget;
  readonly parts: readonly ChaosPart[];
  readonly damage: Damage;
  readonly wrong: Notes;
  readonly tell: (line: string) => void;
};

const startAttempts = 8;
const startPauseMs = 2_000;

/** Does a fault and undoes it. What does not come back afterwards is noted. */
export async function strike(at: Striking, fault: Fault): Promise<void> {
  const startMs = performance.now();
  let result: string;
  try {
    result = await act(at, fault);
  } catch (error) {
    at.wrong.add(`${describeFault(fault)}: ${String(error)} (${String((error as Error).cause)})`);
    result = String(error);
  }
  at.tell(`${describeFault(fault)}: ${result} after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

async function act(at: Striking, fault: Fault): Promise<string> {
  const { target } = at;
  switch (fault.kind) {
    case 'kill':
      return kill(partOf(at, fault.part), fault.downMs);
    case 'pause':
      return pause(partOf(at, fault.part), fault.lastsMs);
    case 'cut':
      linkOf(target, fault.link).cut();
      return 'over';
    case 'delay':
      return link(target, fault, { delayMs: fault.delayMs });
    case 'silence':
      return link(target, fault, { stalled: true }, true);
    case 'half-open':
      linkOf(target, fault.link).abandon();
      return link(target, fault, {}, true);
    case 'lose-answers':
      return link(target, fault, { cutAfterBytes: fault.afterBytes });
    case 'refuse':
      return link(target, fault, { refused: true });
    case 'fill':
      return fill(target, fault.lastsMs);
    case 'corrupt':
      return at.damage.once();
    case 'clock':
      return turnClock(target, fault);
  }
}

function partOf({ parts }: Striking, name: string): ChaosPart {
  const part = parts.find((one) => one.name === name);
  if (part === undefined) throw new Error(`there is no ${name}`);
  return part;
}

function linkOf({ links }: ChaosTarget, name: string) {
  const proxy = links[name];
  if (proxy === undefined) throw new Error(`there is no link ${name}`);
  return proxy;
}

async function kill(part: ChaosPart, downMs: number): Promise<string> {
  await part.kill();
  await delay(downMs);
  return startAgain(part);
}

/** As whoever watches over a process does: again after a pause, but not for ever. */
async function startAgain(part: ChaosPart): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await part.start();
      return attempt === 1 ? 'back' : `back at start ${attempt}`;
    } catch (error) {
      if (attempt === startAttempts) throw error;
      await delay(startPauseMs);
    }
  }
}

async function pause(part: ChaosPart, lastsMs: number): Promise<string> {
  const pids = await part.pids();
  for (const pid of pids) signal(pid, 'SIGSTOP');
  await delay(lastsMs);
  for (const pid of pids) signal(pid, 'SIGCONT');
  return `${pids.length} processes went on`;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function link(
  target: ChaosTarget,
  fault: Fault & { link: string; lastsMs: number },
  set: ProxyFault,
  cutAtEnd = false,
): Promise<string> {
  const proxy = linkOf(target, fault.link);
  proxy.set(set);
  await delay(fault.lastsMs);
  proxy.set({});
  if (cutAtEnd) proxy.cut();
  return 'over';
}

async function fill(target: ChaosTarget, lastsMs: number): Promise<string> {
  const empty = await target.fill?.();
  await delay(lastsMs);
  await empty?.();
  return 'there is room again';
}

async function turnClock(target: ChaosTarget, { part, jumpMs, lastsMs }: Fault & { kind: 'clock' }): Promise<string> {
  await target.clocks?.set(part, jumpMs);
  await delay(lastsMs);
  await target.clocks?.set(part, 0);
  return 'right again';
}
