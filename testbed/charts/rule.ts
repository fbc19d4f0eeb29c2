import type { ChartObject } from './chart-object.ts';

/** What a render is made of, and what it may take for granted. */
export type Rendered = {
  readonly objects: readonly ChartObject[];
  /** Secrets that whoever installs the chart provides. */
  readonly secrets: ReadonlySet<string>;
};

/** Something that holds for every render. */
export type Rule = {
  readonly name: string;
  /** Everything in the render that breaks it, as `object: what is wrong`. */
  readonly check: (rendered: Rendered) => readonly string[];
};
