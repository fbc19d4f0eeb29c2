import { Problem } from '@driftbox/protocol';

const maxIssues = 20;

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };
type Outcome =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
type Schema = { safeParse(value: unknown): Outcome };

/** Collects what is wrong in all parts of one request, so that the caller hears of everything at once. */
export class Validation {
  #issues: { path: string; message: string }[] | undefined;

  /** The parsed value, or `undefined` with the issues noted under `part`. */
  check(schema: Schema | undefined, part: string, value: unknown): unknown {
    if (schema === undefined) return undefined;
    const outcome = schema.safeParse(value);
    if (outcome.success) return outcome.data;
    this.#issues ??= [];
    for (const issue of outcome.error.issues) {
      if (this.#issues.length < maxIssues) this.#issues.push({ path: [part, ...issue.path.map(String)].join('.'), message: issue.message });
    }
    return undefined;
  }

  /** Throws `invalid_argument` listing at most 20 issues if there are any. */
  finish(): void {
    const first = this.#issues?.[0];
    if (first === undefined) return;
    throw new Problem('invalid_argument', `${first.path}: ${first.message}`, { details: { issues: this.#issues } });
  }
}
