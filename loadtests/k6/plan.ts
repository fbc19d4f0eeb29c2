/** A file that was put before the load began, to be downloaded. */
export type KnownFile = { readonly entryId: string; readonly sizeBytes: number };

/** A folder of one file that was put before, and the path of a link to it. */
export type KnownFolder = { readonly entryId: string; readonly sizeBytes: number; readonly linkPath: string };

/** Somebody who exists for this load. The access token is from before it began; later ones come by signing in. */
export type LoadUser = {
  readonly email: string;
  readonly password: string;
  readonly deviceId: string;
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly drive: string;
  readonly driveEpoch: string;
  readonly rootId: string;
  /** From where the first poll of changes goes on. */
  readonly cursor: string;
  readonly files: readonly KnownFile[];
  readonly folder: KnownFolder;
};

/** The tags of a route's requests: for whose availability they count, and for whose speed, if any. */
export type RouteTags = { readonly journey: string; readonly judged?: string };

/** Devices that only wait: so many sockets, spread over virtual users, for the whole time. */
export type Crowd = { readonly sockets: number; readonly vus: number; readonly seconds: number };

/** The parts of a run beside a neighbour, in their order: before anything is compared, without the flood, with it. */
export const phases = ['warm', 'alone', 'beside'] as const;
export type Phase = (typeof phases)[number];

/** People of another tenant of the same server, known by its host, who flood it; each phase but the first begins after so many seconds. */
export type Neighbour = {
  readonly host: string;
  readonly users: readonly LoadUser[];
  readonly phaseAfterSeconds: readonly [alone: number, beside: number];
};

/** The largest file that is uploaded; one with more bytes than a piece comes in several requests. */
export type FileBounds = { readonly largestBytes: number; readonly pieceBytes: number };

/** All that k6 is told; the options are k6's own, its judgement with them. */
export type LoadPlan = {
  readonly address: string;
  readonly options: {
    readonly scenarios: Readonly<Record<string, object>>;
    readonly thresholds: Readonly<Record<string, readonly string[]>>;
    readonly summaryTrendStats: readonly string[];
  };
  /** By the names of the route table; a route that is not here is not for load. */
  readonly routes: Readonly<Record<string, RouteTags>>;
  /** How often each workload is chosen where one program plays them all. */
  readonly mix: Readonly<Record<string, number>>;
  readonly users: readonly LoadUser[];
  readonly crowd: Crowd;
  readonly files: FileBounds;
  readonly neighbour?: Neighbour | undefined;
};

/** A version of a file that was acknowledged: a line of JSON in k6's console output; other lines there are failures, in words. */
export type Acknowledged = {
  readonly user: number;
  readonly entryId: string;
  readonly rev: number;
  readonly digest: string;
  readonly sizeBytes: number;
};
