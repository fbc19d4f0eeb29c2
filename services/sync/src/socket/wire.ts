import type { messages, SentPayload } from '@driftbox/protocol';
import type { Server, Socket } from 'socket.io';
import type { Proof } from './prove-user.ts';

/** What the server sends. */
type FromServer = { [M in 'hint' | 'drives' | 'notice' | 'reconnect']: (payload: SentPayload<(typeof messages)[M]>) => void };
/** What clients send: unchecked, whatever they please. */
type FromClient = { [M in 'heads' | 'renew' | 'cursors']: (payload: unknown, acknowledge: unknown) => void };
type Nothing = Record<string, never>;

/** Set once the socket's user is proven. */
type SocketData = { proof?: Proof };

/** The server of sockets, and one of them, with what travels over it. */
export type HintServer = Server<FromClient, FromServer, Nothing, SocketData>;
export type WireSocket = Socket<FromClient, FromServer, Nothing, SocketData>;
