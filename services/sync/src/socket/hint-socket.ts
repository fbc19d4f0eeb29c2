import type { Duplex } from 'node:stream';
import type { DriveId } from '@driftbox/domain';
import {
  headsDigest,
  messages,
  Problem,
  type Head,
  type Message,
  type Notice,
  type PayloadOf,
  type ReplyOf,
  type ToldHead,
} from '@driftbox/protocol';
import type { CursorBook } from '../cursor-book.ts';
import { joinMember } from '../join-member.ts';
import type { Listener, Member } from '../member.ts';
import type { Members } from '../members.ts';
import { HintOutbox } from './hint-outbox.ts';
import type { Proof } from './prove-user.ts';
import type { WireSocket } from './wire.ts';

/** What a socket works with. */
export type HintSocketParts = {
  readonly members: Members;
  readonly book: CursorBook;
  /** Proves a token; throws a problem. */
  readonly prove: (token: string) => Promise<Proof>;
  /** The connection itself: closing a websocket waits for its other end. */
  readonly connection: Duplex;
};

/** Messages a client may send in `windowMs`; more end its socket. An honest client sends a few a minute. */
const maxMessages = 120;
const windowMs = 60_000;
/** Packets waiting for a client that asks and does not read; more end its socket. */
const maxUnread = 8;

/** One client's socket: tells it of its drives, answers its questions, and holds the proof of who it is. */
export class HintSocket implements Listener {
  readonly #socket: WireSocket;
  readonly #parts: HintSocketParts;
  readonly #outbox: HintOutbox;
  readonly #joined: Promise<Member>;
  #proof: Proof;
  #messages = 0;
  #windowEndsMs = 0;

  /** Takes the socket over; `joined` rejects when its user's drives cannot be had. */
  constructor(socket: WireSocket, proof: Proof, parts: HintSocketParts) {
    this.#socket = socket;
    this.#proof = proof;
    this.#parts = parts;
    const { conn } = socket;
    this.#outbox = new HintOutbox({
      isFree: () => conn.transport.writable,
      whenFree: (callback) => conn.transport.once('ready', callback),
      sendHint: (head) => socket.emit('hint', head),
      sendDrives: (changed) => socket.emit('drives', { changed: [...changed] }),
      sendNotice: (notice) => socket.emit('notice', notice),
    });
    socket.on('heads', (payload, reply) => this.#take(messages.heads, payload, ({ digest }) => this.#heads(digest, reply)));
    socket.on('renew', (payload, reply) => this.#take(messages.renew, payload, ({ token }) => this.#renew(token, reply)));
    socket.on('cursors', (payload) => this.#take(messages.cursors, payload, ({ cursors }) => this.#report(cursors)));
    const { tenantId, actor, token } = proof;
    this.#joined = joinMember(parts.members, { tenantId, userId: actor.userId, token }, this);
    this.#joined.catch(() => this.end());
  }

  get proof(): Proof {
    return this.#proof;
  }

  /** Drives with news that has not left for this client. */
  get waiting(): number {
    return this.#outbox.size;
  }

  offer(head: ToldHead): void {
    this.#outbox.offer(head);
  }

  drivesChanged(changed: readonly DriveId[], member: Member): void {
    const drives = new Set(member.drives);
    this.#outbox.change(
      changed,
      changed.filter((drive) => !drives.has(drive)),
    );
  }

  noticed(notice: Notice): void {
    this.#outbox.notice(notice);
  }

  token(): string {
    return this.#proof.token;
  }

  /** Lets what was sent leave, then closes. The client is free to come again. */
  end(): void {
    this.#socket.disconnect(true);
  }

  /** Says when to come again, and ends. */
  endAndReconnect(afterMs: number): void {
    this.#socket.emit('reconnect', { afterMs });
    this.end();
  }

  /** Closes without waiting for anything. */
  cut(): void {
    this.#parts.connection.destroy();
  }

  /** To be called once the socket is closed: nothing is told it any longer. */
  leave(): void {
    void this.#joined.then(
      (member) => this.#parts.members.leave(member, this),
      () => {},
    );
  }

  /** Hands a well-formed message on; whoever sends other things, or too many, is not our client. */
  #take<M extends Message>(message: M, payload: unknown, handle: (payload: PayloadOf<M>) => Promise<void>): void {
    const nowMs = performance.now();
    if (nowMs > this.#windowEndsMs) {
      this.#messages = 0;
      this.#windowEndsMs = nowMs + windowMs;
    }
    this.#messages += 1;
    const parsed = message.payload.safeParse(payload);
    if (!parsed.success || this.#messages > maxMessages) this.cut();
    // Fails only where the user's drives cannot be had, and then the socket ends.
    else handle(parsed.data as PayloadOf<M>).catch(() => {});
  }

  async #heads(digest: string | undefined, reply: unknown): Promise<void> {
    const heads = this.#parts.members.headsOf(await this.#joined);
    this.#answer<typeof messages.heads>(reply, digest === headsDigest(heads) ? { same: true } : { heads });
  }

  async #renew(token: string, reply: unknown): Promise<void> {
    const proof = await this.#parts.prove(token).catch((error: unknown) => (error instanceof Problem ? error.code : 'internal'));
    if (typeof proof === 'string') return this.#answer<typeof messages.renew>(reply, { code: proof });
    const { tenantId, actor } = this.#proof;
    if (proof.tenantId !== tenantId || proof.actor.userId !== actor.userId)
      return this.#answer<typeof messages.renew>(reply, { code: 'unauthenticated' });
    this.#proof = proof;
    this.#answer<typeof messages.renew>(reply, { expiresAt: new Date(proof.untilMs).toISOString() });
    // A change of drives of which no event was heard ends here at the latest.
    this.#parts.members.refresh(await this.#joined);
  }

  async #report(cursors: readonly Head[]): Promise<void> {
    const { tenantId, actor } = this.#proof;
    const drives = new Set((await this.#joined).drives);
    const { userId, deviceId } = actor;
    if (deviceId === undefined) return;
    const own = cursors.filter(({ drive }) => drives.has(drive));
    this.#parts.book.report({ tenantId, userId, deviceId }, own);
  }

  #answer<M extends (typeof messages)['heads' | 'renew']>(reply: unknown, value: ReplyOf<M>): void {
    const { writeBuffer } = this.#socket.conn as unknown as { readonly writeBuffer: readonly unknown[] };
    if (writeBuffer.length > maxUnread) this.cut();
    else if (typeof reply === 'function') (reply as (value: ReplyOf<M>) => void)(value);
  }
}
