import { cursors } from './cursors.ts';
import { drives } from './drives.ts';
import { heads } from './heads.ts';
import { hint } from './hint.ts';
import { notice } from './notice.ts';
import { reconnect } from './reconnect.ts';
import { renew } from './renew.ts';

export { handshake, hintsPath } from './handshake.ts';
export { head, maxHeads, type Head } from './head.ts';
export { headsDigest } from './heads-digest.ts';
export type { ToldHead } from './hint.ts';
export type { Message, PayloadOf, ReplyOf, SentPayload } from './message.ts';
export type { Notice } from './notice.ts';

/** Every message of the socket there is, by name. */
export const messages = { hint, drives, notice, reconnect, heads, renew, cursors } as const;
