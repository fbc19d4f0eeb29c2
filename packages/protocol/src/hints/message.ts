import type { z } from 'zod';

/** One message of the socket at `hintsPath`: the only source of its wire types. */
export type Message = {
  /** Socket.IO's event name. */
  readonly name: string;
  readonly from: 'client' | 'server';
  readonly summary: string;
  readonly payload: z.ZodType;
  /** Present where the receiver acknowledges: what it acknowledges with. */
  readonly answer?: z.ZodType;
};

/** Keeps the literal types of a message. */
export function defineMessage<const M extends Message>(message: M): M {
  return message;
}

/** What a receiver has once it has checked it. */
export type PayloadOf<M extends Message> = z.output<M['payload']>;
/** What a sender gives. */
export type SentPayload<M extends Message> = z.input<M['payload']>;
/** What is acknowledged with. */
export type ReplyOf<M extends Message & { readonly answer: z.ZodType }> = z.output<M['answer']>;
