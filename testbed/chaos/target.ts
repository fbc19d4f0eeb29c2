import type { Finding } from '@driftbox/protocol';
import type { FaultProxy } from '@driftbox/testkit';

/** One process of a world. */
export type ChaosPart = {
  readonly name: string;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it again on what it left; resolves when it is ready. */
  start(): Promise<void>;
  /** It and its children, as they are now. */
  pids(): Promise<readonly number[]>;
};

/** Packs where they lie, below everything that could notice. */
export type ChaosPool = {
  /** The size of every pack, by its id. */
  list(): Promise<ReadonlyMap<string, number>>;
  read(pack: string): Promise<Buffer>;
  /** Puts other bytes in a pack's place; does nothing when the pack is gone. */
  replace(pack: string, bytes: Uint8Array): Promise<void>;
  /** What writes have left unfinished. */
  leftovers(): Promise<string[]>;
};

/** What `driftbox admin fsck` says of the tenant. */
export type Checked = {
  readonly packs: number;
  readonly references: number;
  readonly drives: number;
  readonly findings: readonly Finding[];
};

/** A world that chaos is let loose on. */
export type ChaosTarget = {
  readonly name: string;
  /** Where clients of the API come in, and where devices that sync do: each through a fault proxy. */
  readonly address: string;
  readonly deviceAddress: string;
  /** The same door without a proxy, for whoever judges. */
  readonly directAddress: string;
  /** What programs need in their environment to reach it. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly parts: readonly ChaosPart[];
  readonly links: Readonly<Record<string, FaultProxy>>;
  readonly pool: ChaosPool;
  /** Takes the last byte of the disk under the pool and answers what gives it back; absent where that cannot be done. */
  readonly fill?: (() => Promise<() => Promise<void>>) | undefined;
  /** Sets the clocks of parts wrong by so many milliseconds; 0 sets them right. Absent where that cannot be done. */
  readonly clocks?: { readonly parts: readonly string[]; set(part: string, offMs: number): Promise<void> } | undefined;
  /** What this world cannot suffer, for people. */
  readonly missing: readonly string[];
  check(): Promise<Checked>;
  /** Ends everything; `keep` leaves the folder, with every log in it. */
  close(keep: boolean): Promise<void>;
};
