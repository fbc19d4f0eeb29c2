import { z } from 'zod';

/** Where the socket is: Socket.IO 4, websocket transport alone, default namespace. */
export const hintsPath = '/v1/hints';

/** Socket.IO's `auth` object. A refusal arrives as `connect_error`, its `data` being the problem. */
export const handshake = z.object({ token: z.string().min(1).max(8192), protocol: z.number().int().min(1) });
