import type { RevocationSource } from '@driftbox/service-kit';
import type { SyncMetrics } from '../metrics.ts';
import type { HintSocket } from './hint-socket.ts';
import type { SocketCounts } from './socket-counts.ts';

type Parts = {
  readonly revocations: RevocationSource;
  readonly counts: SocketCounts;
  readonly metrics: SyncMetrics;
  readonly nowMs: () => number;
};

/** Twice the time of revocations' poll and this is less than the 5 s in which a sign-out holds. */
const lookEveryMs = 1_000;
/** How long a draining socket may take for what was sent to it. */
const drainMs = 2_000;

/** All open sockets: ends those whose token or session has ended or whose tenant is suspended, and all of them when the process stops. */
export class SocketSet {
  readonly #parts: Parts;
  readonly #sockets = new Set<HintSocket>();
  #timer: NodeJS.Timeout | undefined;
  #empty: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** News that has not left, of all sockets together. */
  get waiting(): number {
    return [...this.#sockets].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  add(socket: HintSocket): void {
    const { tenantId, actor } = socket.proof;
    this.#sockets.add(socket);
    this.#parts.counts.add(tenantId, actor.userId);
  }

  remove(socket: HintSocket): void {
    if (!this.#sockets.delete(socket)) return;
    this.#parts.counts.remove(socket.proof.tenantId, socket.proof.actor.userId);
    if (this.#sockets.size === 0) this.#empty?.();
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#endUnproven(), lookEveryMs).unref();
  }

  async drain(spreadMs: number): Promise<void> {
    clearInterval(this.#timer);
    if (this.#sockets.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.#empty = resolve));
    for (const socket of this.#sockets) {
      this.#parts.metrics.ended.inc({ reason: 'drained' });
      socket.endAndReconnect(Math.round(Math.random() * spreadMs));
    }
    const timer = setTimeout(() => this.#sockets.forEach((socket) => socket.cut()), drainMs);
    await empty;
    clearTimeout(timer);
  }

  #endUnproven(): void {
    const { revocations, metrics, nowMs } = this.#parts;
    const now = nowMs();
    for (const socket of this.#sockets) {
      const reason = whyEnd(socket, revocations, now);
      if (reason === undefined) continue;
      metrics.ended.inc({ reason });
      socket.end();
    }
  }
}

function whyEnd({ proof }: HintSocket, revocations: RevocationSource, nowMs: number): 'expired' | 'revoked' | 'suspended' | undefined {
  const { untilMs, actor, tenantId } = proof;
  if (untilMs <= nowMs) return 'expired';
  if (revocations.isSuspended(tenantId)) return 'suspended';
  return revocations.isRevoked(actor.sessionId, actor.userId) ? 'revoked' : undefined;
}
