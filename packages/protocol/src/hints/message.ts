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
