import { findDrift, nameOf, type Drift } from '../find-drift.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { previewObjects, type PlacedObject } from '../preview-objects.ts';
import { expectOk, listAll, type Api, type KubeObject } from '../runtime/index.ts';
import type { Helm } from './helm.ts';
import { judgeRelease, type ReleaseJudgement, type ReleaseObserved } from './judge-release.ts';
import { readManifest } from './read-manifest.ts';
import { readRecord, revisionOf, unlockedRecord } from './release-record.ts';
import { refusedLabel, type Release, type ReleasePlace, type Revision } from './release.ts';
import type { SecretObject } from '../secret.ts';
import { releaseDigest } from './release-digest.ts';

/** What the engine works with. */
export type EngineParts = { readonly api: Api; readonly helm: Helm; readonly wallMs?: (() => number) | undefined };

/** What its owner knows of a release that Helm does not. */
export type ReleaseAsk = Pick<ReleaseObserved, 'isRetryAsked'> & {
  /** Looks for changes by hand, which takes two requests an object. */
  readonly looksForDrift: boolean;
  /** Whether its workloads had their time and are not ready; told when the latest revision was made. */
  readonly isUnwell: (sinceMs: number) => boolean;
  readonly signal: AbortSignal;
};

/** What was seen of a release, and what was done about it. */
export type ReleaseOutcome = ReleaseJudgement & {
  readonly digest: string;
  /** Helm's latest record before anything was done. */
  readonly latest: Revision | undefined;
  /** `Kind name` of objects that somebody changed or removed. */
  readonly drifted: readonly string[];
  /** The same of those that are paused, and stay so; absent where nobody looked. */
  readonly exempt?: readonly string[];
};

const manager = 'helm';
const ownManager = 'driftbox-helm';

/** Brings Helm releases about. One at a time for each release: its caller holds the only lock there is. */
export class ReleaseEngine {
  readonly #api: Api;
  readonly #helm: Helm;
  readonly #wallMs: () => number;

  constructor({ api, helm, wallMs = Date.now }: EngineParts) {
    this.#api = api;
    this.#helm = helm;
    this.#wallMs = wallMs;
  }

  /**
   * Sees how a release stands and takes one step towards what is wanted. Throws `ChartRefused` before anything is changed where the
   * chart would make what is not the release's, `HelmFailed` where Helm did not do it: try again then.
   */
  async reconcile(release: Release, ask: ReleaseAsk): Promise<ReleaseOutcome> {
    const digest = releaseDigest(release);
    const history = await this.#history(release, ask.signal);
    const latest = history.at(-1);
    const looks = ask.looksForDrift && latest?.status === 'deployed' && latest.digest === digest;
    const drift = looks ? await this.#drift(release, latest.revision, ask.signal) : undefined;
    const changed = drift?.changed ?? [];
    const drifted = changed.map(nameOf);
    const isUnwell = latest?.status === 'deployed' && ask.isUnwell(latest.modifiedMs);
    const observed = { history, wanted: digest, drifted, isUnwell, isRetryAsked: ask.isRetryAsked, epochMs: this.#wallMs() };
    const judgement = judgeRelease(observed);
    await this.#act(release, judgement, digest, changed, ask.signal);
    return { ...judgement, digest, latest, drifted, ...(drift === undefined ? {} : { exempt: drift.exempt.map(nameOf) }) };
  }

  /** What bringing a release about would change, a line for each object; changes nothing. Throws as `reconcile` does. */
  async preview(release: Release, signal: AbortSignal): Promise<string[]> {
    const wanted = readManifest(await this.#helm.render(release, signal), release.namespace);
    const latest = (await this.#history(release, signal)).at(-1);
    const record = latest === undefined ? undefined : readRecord(await this.#record(release, latest.revision, signal));
    const stays = new Set(wanted.map(nameOf));
    const goes = readManifest(record?.manifest ?? '', release.namespace).map(nameOf);
    const removed = goes.filter((name) => !stays.has(name)).map((name) => `remove ${name}`);
    return [...(await previewObjects(this.#api, wanted, { manager, signal })), ...removed];
  }

  async #act(
    release: Release,
    { action }: ReleaseJudgement,
    digest: string,
    changed: readonly PlacedObject[],
    signal: AbortSignal,
  ): Promise<void> {
    if (action.kind === 'install' || action.kind === 'upgrade') {
      // Read for its refusals: what a chart makes must be the release's own.
      readManifest(await this.#helm.render(release, signal), release.namespace);
      await this.#helm[action.kind](release, digest, signal);
    } else if (action.kind === 'rollback') {
      await this.#refuse(release, action.from, signal);
      await this.#helm.rollback(release, action.to, signal);
    } else if (action.kind === 'unlock') {
      await this.#unlock(release, action.revision, signal);
    } else if (action.kind === 'correct') {
      for (const { kind, object } of changed)
        expectOk(await this.#api.apply(kind, object, { manager, signal }), `correcting ${object.kind} ${object.metadata.name}`);
    }
  }

  /** Revisions that Helm has records of, the oldest first. */
  async #history({ namespace, name }: ReleasePlace, signal: AbortSignal): Promise<Revision[]> {
    const selection = { namespace, labelSelector: `owner=helm,name=${name}`, metadataOnly: true };
    const asked = { api: this.#api, kind: kubeKinds.secret, selection, pageSize: 100, ingest: (one: KubeObject) => one, signal };
    const { items } = expectOk(await listAll<KubeObject>(asked), `looking for the release ${name}`);
    const known = items.map(revisionOf).filter((one) => one !== undefined);
    return known.toSorted((a, b) => a.revision - b.revision);
  }

  /** Objects of a revision that are no longer as it made them. */
  async #drift(place: ReleasePlace, revision: number, signal: AbortSignal): Promise<Drift> {
    const { manifest } = readRecord(await this.#record(place, revision, signal));
    return findDrift(this.#api, readManifest(manifest, place.namespace), { manager, signal });
  }

  async #record({ namespace, name }: ReleasePlace, revision: number, signal: AbortSignal): Promise<SecretObject> {
    const at = { namespace, name: recordName(name, revision) };
    return expectOk(await this.#api.get<SecretObject>(kubeKinds.secret, at, { signal }), `reading revision ${revision} of ${name}`);
  }

  async #unlock(place: ReleasePlace, revision: number, signal: AbortSignal): Promise<void> {
    const record = await this.#record(place, revision, signal);
    const unlocked = unlockedRecord(record, 'its holder is gone: unlocked by the DriftBox operator');
    expectOk(await this.#api.replace(kubeKinds.secret, unlocked, { signal }), `unlocking ${place.name}`);
  }

  /** Marks a revision, so that what it was made from is not tried again by itself. */
  async #refuse({ namespace, name }: ReleasePlace, revision: number, signal: AbortSignal): Promise<void> {
    const { metadata } = await this.#record({ namespace, name }, revision, signal);
    const marked = { name: metadata.name, namespace, ...(metadata.uid === undefined ? {} : { uid: metadata.uid }) };
    const intent: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { ...marked, labels: { [refusedLabel]: 'true' } } };
    expectOk(await this.#api.apply(kubeKinds.secret, intent, { manager: ownManager, signal }), `marking revision ${revision} of ${name}`);
  }
}

/** How Helm calls its record of a revision. */
function recordName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}
