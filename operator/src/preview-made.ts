import { kindOf } from './apply-object.ts';
import type { NamespaceSeen } from './cell/cell-observed.ts';
import type { Release, ReleaseEngine } from './helm/index.ts';
import { previewObjects } from './preview-objects.ts';
import { NotLeading, type Api, type KubeObject } from './runtime/index.ts';

/** What is made for a resource in a namespace of its own. */
export type MadeFor = {
  readonly namespace: NamespaceSeen;
  /** What is there before any release. */
  readonly base: readonly KubeObject[];
  readonly manager: string;
  readonly releases: readonly Release[];
};

/** Nothing is changed, and this is what would be. */
export type Planned = { readonly kind: 'planned'; readonly plan: string };

/** Says that a resource is not as its spec says, while a plan is asked for. */
export const plannedMessage = 'the annotation driftbox.io/plan is "true": nothing is changed, and status.plan says what would be';
/** The plan of a resource that is as it is to be. */
export const nothingPlanned = 'nothing';
/** As long as the status takes. */
const mostText = 32_768;

type Parts = { readonly api: Api; readonly engine: Pick<ReleaseEngine, 'preview'> };

/** What bringing it all about would change, a line for each thing, after what is known already; nothing is changed. */
export async function planMade(
  parts: Parts,
  made: MadeFor | undefined,
  known: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<Planned> {
  const found = made === undefined ? [] : await preview(parts, made, signal).catch((error: unknown) => whyNot(error, signal));
  const lines = [...known, ...found].filter((line) => line !== undefined);
  return { kind: 'planned', plan: lines.length === 0 ? nothingPlanned : lines.join('\n').slice(0, mostText) };
}

async function preview({ api, engine }: Parts, made: MadeFor, signal: AbortSignal): Promise<string[]> {
  const { namespace, base, manager, releases } = made;
  if (namespace.kind !== 'ours')
    return [...base.map(({ kind, metadata }) => `make ${kind} ${metadata.name}`), ...releases.map(({ name }) => `install ${name} by Helm`)];
  const lines = await previewObjects(
    api,
    base.map((object) => ({ kind: kindOf(object), object })),
    { manager, signal },
  );
  for (const release of releases) lines.push(...(await engine.preview(release, signal)));
  return lines;
}

/** What would fail is a part of the plan. */
function whyNot(error: unknown, signal: AbortSignal): string[] {
  if (error instanceof NotLeading || signal.aborted) throw error;
  return [`then fail: ${error instanceof Error ? error.message : String(error)}`];
}
