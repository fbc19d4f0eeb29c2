import { setTimeout as delay } from 'node:timers/promises';
import type { DriveId } from '@driftbox/domain';
import { Problem, type Head } from '@driftbox/protocol';
import { createClient, type Client } from '../client.ts';
import { httpTransport, type HttpTransport } from '../http-transport.ts';
import type { HintsOptions, HintsState } from './connect-hints.ts';
import { openSocket, type LiveSocket } from './open-socket.ts';
import { pollChanges } from './poll-changes.ts';
import { renewAfterMs } from './token-life.ts';
import { ToldHeads } from './told-heads.ts';

const firstPauseMs = 500;
/** Reports are gathered for this long. */
const reportAfterMs = 2_000;
/** Polls that are answered at once do not follow each other faster than this. */
const leastPollMs = 250;
/** Sockets that could not be opened, one after the other, before polls are tried. */
const socketsBeforePolls = 2;

/** A socket that lived this long was a good one. */
const steadyMs = 5_000;
/** Before a token that could not be replaced is tried to be replaced again. */
const renewAgainMs = 10_000;

/** What an attempt led to: how long to wait before the next one, at least. */
type Ended = { readonly wentWell: boolean; readonly afterMs?: number | undefined };

/** One connection and all that follows it, until it is closed. */
export class HintConnection {
  readonly #options: HintsOptions;
  readonly #address: URL;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  readonly #told = new ToldHeads();
  readonly #unreported = new Map<DriveId, Head>();
  readonly #http: HttpTransport;
  readonly #client: Client;
  #state: HintsState = 'connecting';
  #socket: LiveSocket | undefined;
  #reporting: NodeJS.Timeout | undefined;
  #drivesTag: string | undefined;
  /** A token that the server did not take. */
  #refused: string | undefined;
  #unreachable = 0;

  constructor(options: HintsOptions) {
    this.#options = options;
    this.#address = new URL(options.address);
    this.#random = options.random ?? Math.random;
    this.#http = httpTransport(this.#address);
    this.#client = createClient({ transport: this.#http, token: options.token });
  }

  get state(): HintsState {
    return this.#state;
  }

  /** Resolves once closed. */
  async run(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted;) {
      const { wentWell, afterMs = 0 } = await this.#attempt();
      failures = wentWell ? 0 : failures + 1;
      if (!wentWell) this.#become('offline');
      const ceilingMs = Math.min(this.#options.maxPauseMs ?? 60_000, firstPauseMs * 2 ** failures);
      await delay(afterMs + this.#random() * ceilingMs, undefined, { signal }).catch(() => {});
    }
    this.#http.close();
  }

  close(): void {
    clearTimeout(this.#reporting);
    this.#closing.abort();
    this.#socket?.close();
  }

  async heads(): Promise<readonly Head[] | undefined> {
    const socket = this.#socket;
    if (socket !== undefined) {
      const answer = await socket.heads(this.#told.digest());
      if (answer !== undefined && answer !== 'same') this.#takeAll(answer);
      return answer === undefined ? undefined : this.#told.list();
    }
    if (this.#state !== 'polling') return undefined;
    return this.#poll(true).catch(() => undefined);
  }

  report(cursors: readonly Head[]): void {
    for (const cursor of cursors) this.#unreported.set(cursor.drive, cursor);
    this.#reportSoon();
  }

  /** One socket's life, or a while of polls. */
  async #attempt(): Promise<Ended> {
    const token = await this.#token();
    if (token === undefined) return { wentWell: false };
    const opening = await openSocket(this.#address, token, {
      onHint: (head) => this.#told.take(head) && this.#call(() => this.#options.onHint(head)),
      onDrives: () => this.#takeOtherSet(),
      onNotice: (unread) => this.#call(() => this.#options.onNotice?.(unread)),
      signal: this.#closing.signal,
    });
    if (opening.outcome === 'open') return this.#live(opening.socket, token);
    if (opening.outcome === 'refused') return this.#takeRefusal(opening.problem, token);
    this.#unreachable += 1;
    return this.#unreachable < socketsBeforePolls ? { wentWell: false } : this.#pollForAWhile();
  }

  async #token(): Promise<string | undefined> {
    const refused = this.#refused;
    this.#refused = undefined;
    const { signal } = this.#closing;
    const closed = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
    try {
      return await Promise.race([this.#options.token(refused), closed]);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #takeRefusal(problem: Problem, token: string): Ended {
    this.#unreachable = 0;
    if (problem.code === 'unauthenticated') this.#refused = token;
    this.#fail(problem);
    return { wentWell: false, afterMs: (problem.retryAfterSeconds ?? 0) * 1000 };
  }

  async #live(socket: LiveSocket, token: string): Promise<Ended> {
    this.#unreachable = 0;
    this.#socket = socket;
    if (this.#closing.signal.aborted) socket.close();
    this.#become('socket');
    const startMs = performance.now();
    const over = new AbortController();
    const chores = [this.#askHeads(over.signal), this.#renew(socket, token, over.signal)];
    this.#reportSoon();
    const { afterMs } = await socket.ended;
    this.#socket = undefined;
    over.abort();
    await Promise.all(chores);
    this.#become('connecting');
    // A server that takes sockets and drops them is not well.
    return { wentWell: afterMs !== undefined || performance.now() - startMs > steadyMs, afterMs };
  }

  /** Asks at once, and then now and again. */
  async #askHeads(signal: AbortSignal): Promise<void> {
    const { headsEveryMs = 60_000 } = this.#options;
    while (!signal.aborted) {
      await this.heads();
      await delay(headsEveryMs * (0.8 + 0.4 * this.#random()), undefined, { signal }).catch(() => {});
    }
  }

  /** Replaces the token before it ends. Where that fails the server closes the socket, and the next one has a fresh token. */
  async #renew(socket: LiveSocket, first: string, signal: AbortSignal): Promise<void> {
    let token = first;
    let waitMs = renewAfterMs(token, Date.now(), this.#random());
    while (!signal.aborted) {
      await delay(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const next = await this.#options.token(token).catch((error: unknown) => this.#fail(error));
      const isRenewed = next !== undefined && next !== token && (await socket.renew(next));
      if (isRenewed) token = next;
      waitMs = isRenewed ? renewAfterMs(token, Date.now(), this.#random()) : renewAgainMs;
    }
  }

  /** Polls while they are answered; a failure, or enough time, leads back to trying a socket. */
  async #pollForAWhile(): Promise<Ended> {
    const { pollForMs = 300_000 } = this.#options;
    const { signal } = this.#closing;
    const untilMs = performance.now() + pollForMs;
    try {
      for (let isFirst = true; !signal.aborted && performance.now() < untilMs; isFirst = false) {
        const startMs = performance.now();
        await this.#poll(isFirst);
        this.#become('polling');
        const restMs = leastPollMs - (performance.now() - startMs);
        if (restMs > 0) await delay(restMs, undefined, { signal }).catch(() => {});
      }
      return { wentWell: true };
    } catch (error) {
      this.#fail(error);
      return { wentWell: false, afterMs: error instanceof Problem ? (error.retryAfterSeconds ?? 0) * 1000 : 0 };
    }
  }

  async #poll(askAll: boolean): Promise<readonly Head[]> {
    const applied = [...this.#unreported.values()];
    const cursors = askAll || !this.#told.isComplete ? undefined : this.#told.list();
    const { signal } = this.#closing;
    const answer = await pollChanges(this.#client, { cursors, applied, drivesTag: this.#drivesTag, signal });
    for (const head of applied) if (this.#unreported.get(head.drive) === head) this.#unreported.delete(head.drive);
    const isOtherSet = this.#drivesTag !== undefined && this.#drivesTag !== answer.drivesTag;
    this.#drivesTag = answer.drivesTag;
    if (cursors === undefined) this.#takeAll(answer.heads);
    else for (const head of answer.heads) if (this.#told.take(head)) this.#call(() => this.#options.onHint(head));
    if (isOtherSet) this.#takeOtherSet();
    return this.#told.list();
  }

  #takeOtherSet(): void {
    this.#told.expectOtherSet();
    this.#call(() => this.#options.onDrivesChanged());
    // What the drives that came hold already is news too.
    if (this.#socket !== undefined) void this.heads();
  }

  #takeAll(heads: readonly Head[]): void {
    const { news, isOtherSet } = this.#told.takeAll(heads);
    for (const head of news) this.#call(() => this.#options.onHint(head));
    if (isOtherSet) this.#call(() => this.#options.onDrivesChanged());
  }

  #reportSoon(): void {
    if (this.#unreported.size === 0 || this.#closing.signal.aborted) return;
    this.#reporting ??= setTimeout(() => {
      this.#reporting = undefined;
      if (this.#socket === undefined) return;
      const cursors = [...this.#unreported.values()].slice(0, 1_000);
      this.#socket.report(cursors);
      for (const { drive } of cursors) this.#unreported.delete(drive);
      this.#reportSoon();
    }, reportAfterMs);
  }

  #become(state: HintsState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#call(() => this.#options.onState?.(state));
  }

  #call(callback: () => void): void {
    if (this.#closing.signal.aborted) return;
    try {
      callback();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): undefined {
    if (!this.#closing.signal.aborted) this.#options.onError?.(error);
  }
}
