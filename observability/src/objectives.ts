/** Requests by the service that answers them and the names that its route table has for them; without names, all of them. */
export type Requests = { readonly service: string; readonly routes?: readonly string[] };

/** How fast is fast enough: this share of what is counted takes at most so many seconds, which is a bound of its histogram. */
export type SpeedObjective = { readonly share: number; readonly seconds: number };

/** Something that a person does, and how well it is to work over `objectiveDays`. */
export type Journey = {
  /** The value of the label `journey`. */
  readonly name: string;
  /** For titles. */
  readonly title: string;
  /** The share of its requests that must not fail for a reason of ours: 500 and above, but for a quota that is used up (507). */
  readonly availability: number;
  readonly requests: readonly Requests[];
  /** Judged by requests whose duration does not grow with the size of a file, nor is waited out on purpose. */
  readonly speed: SpeedObjective & {
    readonly requests: readonly Requests[];
    /** Carry content, at the pace of whoever sends or takes it: judged as well by a load that has no network between. */
    readonly withoutNetwork?: readonly Requests[];
  };
};

/** Over how many days an error budget is spent. */
export const objectiveDays = 30;

/** What people do, each judged by itself: a tenth of a percent of one may not hide in the traffic of another. */
export const journeys: readonly Journey[] = [
  {
    name: 'sign_in',
    title: 'Sign in',
    availability: 0.999,
    requests: [{ service: 'auth', routes: ['logIn', 'refreshToken', 'exchangeAppPassword', 'signUp'] }],
    // A password is hashed slowly on purpose: about a tenth of a second on an idle core.
    speed: { share: 0.99, seconds: 1, requests: [{ service: 'auth', routes: ['logIn', 'refreshToken'] }] },
  },
  {
    name: 'upload',
    title: 'Upload',
    availability: 0.999,
    requests: [{ service: 'upload', routes: ['askMissing', 'putChunks', 'postCommit', 'putFile'] }],
    // What a commit takes of metadata does not depend on how fast its chunks came.
    speed: {
      share: 0.99,
      seconds: 1,
      requests: [
        { service: 'upload', routes: ['askMissing'] },
        { service: 'metadata', routes: ['forwardCommit'] },
      ],
      withoutNetwork: [{ service: 'upload', routes: ['postCommit'] }],
    },
  },
  {
    name: 'download',
    title: 'Download',
    availability: 0.999,
    requests: [{ service: 'upload', routes: ['getContent', 'fetchChunks', 'getSignedContent'] }],
    // Contains the bytes: a request of chunks asks for a few megabytes, and most files are smaller still.
    speed: { share: 0.95, seconds: 2.5, requests: [{ service: 'upload', routes: ['getContent', 'fetchChunks'] }] },
  },
  {
    name: 'sync',
    title: 'Sync',
    availability: 0.999,
    requests: [
      { service: 'metadata', routes: ['listChanges', 'listDescendants', 'listChildren', 'listDrives', 'getEntry'] },
      { service: 'sync', routes: ['waitForChanges'] },
    ],
    speed: { share: 0.99, seconds: 0.5, requests: [{ service: 'metadata', routes: ['listChanges', 'listChildren', 'getEntry'] }] },
  },
  {
    name: 'share',
    title: 'Share',
    availability: 0.999,
    requests: [{ service: 'share' }],
    speed: {
      share: 0.99,
      seconds: 1,
      requests: [
        {
          service: 'share',
          routes: ['createLink', 'getLink', 'listLinks', 'listLinkUses', 'updateLink', 'revokeLink', 'getShared', 'unlockShared'].concat([
            'listSharedChildren',
            'downloadShared',
            'createInvitations',
            'listInvitations',
            'acceptInvitation',
            'declineInvitation',
            'revokeInvitation',
          ]),
        },
      ],
      withoutNetwork: [{ service: 'share', routes: ['readDownload'] }],
    },
  },
];

/** From a commit to every process of sync knowing of it by its durable event; hints are faster, and may be lost. */
export const freshness: SpeedObjective & { readonly metric: string } = {
  metric: 'driftbox_sync_event_delay_seconds',
  share: 0.99,
  seconds: 5,
};

/** Acknowledged bytes that may be found lost or damaged, ever. */
export const lostBytes = 0;
