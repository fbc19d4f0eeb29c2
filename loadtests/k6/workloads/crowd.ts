import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import { plan } from '../given-plan.ts';
import { openHints } from '../hint-socket.ts';
import type { LoadUser } from '../plan.ts';
import { sessionOf } from '../session.ts';

const opened = new Counter('sockets_opened');
const lost = new Counter('sockets_lost');
const heard = new Counter('hints_heard');

/** How long before its end a token is replaced. */
const renewEarlyMs = 50_000;
const comeAgainMs = 1_000;

/** Devices that only wait: this virtual user's part of all sockets. They come over the first tenth of the time, and stay until its end. */
export async function crowd(): Promise<void> {
  const { sockets, vus, seconds } = plan.crowd;
  const part = exec.scenario.iterationInTest;
  const endMs = exec.scenario.startTime + seconds * 1000;
  const own = Array.from({ length: sockets }, (_, number) => number).filter((number) => number % vus === part);
  const comingMs = (seconds * 1000) / 10;
  await Promise.all(own.map((number) => stay(number % plan.users.length, (comingMs * number) / sockets, endMs)));
}

/** One device, which comes after a while, and again when its socket was closed. */
function stay(index: number, afterMs: number, endMs: number): Promise<void> {
  const user = plan.users[index] as LoadUser;
  return new Promise((resolve) => {
    const connect = (): void => {
      if (Date.now() >= endMs) return resolve();
      const { accessToken, expiresAtMs } = sessionOf(index, user);
      const renew = (): void => {
        const next = sessionOf(index, user);
        socket.renew(next.accessToken);
        renewal = setTimeout(renew, untilRenewal(next.expiresAtMs));
      };
      let renewal = setTimeout(renew, untilRenewal(expiresAtMs));
      const leaving = setTimeout(() => socket.close(), endMs - Date.now());
      const socket = openHints(accessToken, {
        onReady: () => opened.add(1),
        onHint: () => heard.add(1),
        onEnd: (againMs = comeAgainMs) => {
          clearTimeout(renewal);
          clearTimeout(leaving);
          if (Date.now() >= endMs) return resolve();
          lost.add(1);
          setTimeout(connect, againMs);
        },
      });
    };
    setTimeout(connect, afterMs);
  });
}

function untilRenewal(expiresAtMs: number): number {
  return Math.max(comeAgainMs, expiresAtMs - renewEarlyMs - Date.now());
}
