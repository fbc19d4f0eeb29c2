import type { Head } from '@driftbox/protocol';
import type { TokenSource } from '../client.ts';
import { HintConnection } from './hint-connection.ts';

/** How hints come at this moment: by a socket, by long polls where there is no way for sockets, or not at all. */
export type HintsState = 'connecting' | 'socket' | 'polling' | 'offline';

/** Times are milliseconds. Callbacks run one at a time; what they throw goes to `onError`. */
export type HintsOptions = {
  /** The server's address, as for `httpTransport`. */
  readonly address: string | URL;
  readonly token: TokenSource;
  /** A drive goes at least this far: pull from your cursor. Also told, once for each drive, after the first connection. */
  readonly onHint: (head: Head) => void;
  /** Drives came or went: list them again. */
  readonly onDrivesChanged: () => void;
  readonly onNotice?: ((unread: number) => void) | undefined;
  readonly onState?: ((state: HintsState) => void) | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
  /** How often the heads are asked for, in case a hint was lost; spread by a fifth. Default 60,000. */
  readonly headsEveryMs?: number | undefined;
  /** The longest pause between attempts while the server is away; default 60,000. */
  readonly maxPauseMs?: number | undefined;
  /** How long polls go on before a socket is tried again; default 300,000. */
  readonly pollForMs?: number | undefined;
  readonly random?: (() => number) | undefined;
};

/** Wake-ups from a server. They may be lost: whoever follows a drive also looks by itself now and then. */
export type Hints = {
  readonly state: HintsState;
  /** Asks for the heads of all drives now, tells what is news, and answers them; `undefined` when they cannot be had. */
  heads(): Promise<readonly Head[] | undefined>;
  /** Says how far this device has come, for people to see; sent with others, a little later. */
  report(cursors: readonly Head[]): void;
  /** Ends everything; nothing is called back afterwards. */
  close(): Promise<void>;
};

/**
 * Connects, and stays connected until closed: through restarts of the server (at the time it asked for), outages (after
 * pauses with full jitter), and the end of tokens (renewed in place). Never throws; what goes wrong shows as `state`.
 */
export function connectHints(options: HintsOptions): Hints {
  const connection = new HintConnection(options);
  const running = connection.run();
  return {
    get state() {
      return connection.state;
    },
    heads: () => connection.heads(),
    report: (cursors) => connection.report(cursors),
    close: async () => {
      connection.close();
      await running;
    },
  };
}
