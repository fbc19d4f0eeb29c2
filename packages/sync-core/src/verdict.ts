import type { EntryId, Place } from '@driftbox/domain';
import type { BodyVerdict } from './judge-body.ts';
import type { LocalEntry, RemoteEntry, SyncedEntry } from './tree.ts';

type Judged = {
  readonly entryId: EntryId;
  readonly synced: SyncedEntry | undefined;
  readonly local: LocalEntry | undefined;
  readonly remote: RemoteEntry | undefined;
  /** Where both sides will have it; `undefined` for what will be on neither, or has to be left alone. */
  readonly place: Place | undefined;
};
type OnBoth = { readonly local: LocalEntry; readonly remote: RemoteEntry; readonly place: Place };
type OnDisk = { readonly local: LocalEntry; readonly remote: undefined };
type OnServer = { readonly local: undefined; readonly remote: RemoteEntry };

/** On both sides, and remains there. */
export type Stays = OnBoth & {
  readonly fate: 'stays';
  /** True when the place is what somebody did on this device: it yields to what the server has. */
  readonly placedHere: boolean;
  readonly body: BodyVerdict;
  /** False: not wanted on this device. What is on disk still goes up, but nothing comes down. */
  readonly wanted: boolean;
};

/** What was decided about one entry. */
export type Verdict = Judged &
  (
    | Stays
    /** On the server, and has to be on disk. */
    | (OnServer & { readonly fate: 'comes'; readonly place: Place })
    /** On disk, and has to be on the server. */
    | (OnDisk & { readonly fate: 'goes_up'; readonly place: Place })
    /** Deleted on disk; deleted on the server. */
    | (OnServer & { readonly fate: 'leaves_server'; readonly place: undefined })
    | (OnDisk & { readonly fate: 'leaves_disk'; readonly place: undefined })
    /** Deleted on the server and kept on disk, as a new entry. */
    | (OnDisk & { readonly fate: 'renewed'; readonly place: Place })
    /** On disk under one id and on the server under another, and one thing: the local one takes the remote id. */
    | (OnDisk & { readonly fate: 'adopts'; readonly place: undefined })
    | (OnServer & { readonly fate: 'adopted'; readonly place: Place })
    /** On the server and not wanted here: not on disk; still on disk, and nothing to be sent. */
    | (OnServer & { readonly fate: 'away'; readonly place: Place })
    | (OnBoth & { readonly fate: 'leaves_device' })
    /** On neither side. */
    | { readonly fate: 'gone'; readonly place: undefined }
    /** Its bytes decide: they have to be read first; they cannot be. It is left where it is on both sides. */
    | { readonly fate: 'unread' | 'unreadable' }
  );
