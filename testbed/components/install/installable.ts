/** Tells what an installation does, a line at a time. */
export type Report = (line: string) => void;

/** A program that components need and that is not part of the checkout. */
export type Installable = {
  readonly name: string;
  readonly version: string;
  /** All that decides what is installed; a change of it is another installation. */
  readonly recipe: readonly string[];
  /** Answers why it cannot be installed on this machine and what to do about it, or `undefined` when it can. */
  missing(): Promise<string | undefined>;
  /** Fills an empty folder. Throws when it cannot; what was fetched so far is kept by the tools' own caches. */
  install(folder: string, report: Report): Promise<void>;
};
