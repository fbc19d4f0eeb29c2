import type { Installable } from './install/installable.ts';

/** A component while it runs. */
export type RunningComponent = {
  /** How clients reach it, by the name of what they need: `url`, `brokers`, … */
  readonly addresses: Readonly<Record<string, string>>;
  /** The server's processes; empty for one that runs inside the process that started it. */
  readonly pids: readonly number[];
  /** Where its log is, if it writes one. */
  readonly logFiles: readonly string[];
  /** Stops it by its process ids and resolves when they have ended. May be called again. */
  stop(): Promise<void>;
};

/** One node of a component, which keeps its data and its port when it is started again. */
export type RestartableNode = {
  /** Its process as it runs now. */
  pid(): number;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** Resolves when it is ready. */
  start(): Promise<void>;
};

/** A server that DriftBox uses when it is hosted, as tests and people start it here. */
export type Component = {
  readonly name: string;
  /** One line for a reader who chooses. */
  readonly about: string;
  readonly needs: readonly Installable[];
  /** Installed only where it is named: no test needs it, and it takes minutes. */
  readonly onlyNamed?: true;
  /** Starts it on free ports of 127.0.0.1, its files in `folder`, and resolves when it answers as itself. Its programs are installed. */
  start(folder: string): Promise<RunningComponent>;
};
