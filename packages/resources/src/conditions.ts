/** What a condition is about, by its type, with the reasons that it may give. Both are API: a reason is never renamed. */
export type ConditionType = { readonly about: string; readonly reasons: Readonly<Record<string, string>> };

const working = {
  Progressing: 'Work on it is going on; nothing needs to be done.',
  Waiting: 'Something else has to come first; the message names it.',
  Failing: 'The last attempt failed, and another follows by itself; the message says why.',
};

/** What a server of others may do that a cell is to be on. */
const ofOthers = {
  Unreachable: 'A server of others does not answer, or not as the spec says. The message says which, and how.',
  Untrusted: 'The certificate of a server of others is not trusted, or is for another name. The message says which.',
  Refused: 'A server of others does not let the cell in with the credentials that the spec names. The message has its words.',
};

/** Every type of condition. `Ready` sums up; the others are one concern each. */
export const conditionTypes: Readonly<Record<string, ConditionType>> = {
  Ready: {
    about: 'Whether it does what its spec says, now. Wait for this one.',
    reasons: {
      Succeeded: 'It is as it should be.',
      ...working,
      Suspended: 'It was suspended by its spec.',
      Late: 'No backup is whole since the time before the last; the message says since when everything would be lost.',
      Stalled: 'See the condition Stalled.',
    },
  },
  Reconciling: { about: 'There only while work is going on.', reasons: { Progressing: working.Progressing, Retrying: working.Failing } },
  Stalled: {
    about: 'There only when trying again cannot help: somebody has to change something.',
    reasons: {
      InvalidSpec: 'The stored spec breaks a rule that came later. Change the field that the message names.',
      ReferenceMissing: 'A tenant, pool, quota, cell, template, backup or Secret that it names does not exist. Make it, or name another.',
      SecretIncomplete: 'A Secret that it names lacks a key. The message says which.',
      HostClaimed: 'Another tenant has the host. Remove the host here or there; the first keeps it until then.',
      NoIngress: 'A host lies outside the domain of the cell, which has neither Ingress nor Gateway. Set expose, or use another host.',
      AdoptionRefused: 'The tenant to be taken over is not there to be taken: unknown, still in use, erased, or given up.',
      CellFull: 'The cell has as many tenants as maxTenants allows. Raise it, or choose another cell.',
      MirrorRefused: 'The pool that it names as mirror cannot be one. Name another; the message says why.',
      PoolForeign: 'The bucket or prefix belongs to another owner. Choose another prefix.',
      BackendOperatorMissing: 'A back end is delegated, but the operator that would run it is not in the cluster. Install it.',
      VolumesLeft:
        'Volumes of a back end that another operator runs are kept, and it would begin with nothing. See hosting.md, or remove them.',
      VersionUnsupported: 'There is no way from the running version to this one. Upgrade by the versions between.',
      NamespaceTaken: 'The namespace that it would get belongs to somebody else. Remove that, or choose another name.',
      Unsupported: 'This version of the operator cannot do what the field asks for; the message names it.',
      RunFailed: 'The Job gave up. The message says why; annotate driftbox.io/requested-at with a new value to try once more.',
      ChartRefused: 'A chart would make objects that do not belong to the cell. Use the chart that came with the operator.',
    },
  },
  Placed: {
    about: 'Whether a tenant has a cell and a pool.',
    reasons: { Placed: 'It has.', NoRoom: 'No cell that fits has room.', ...working },
  },
  StorageReady: {
    about: 'Whether the bucket is there and good enough.',
    reasons: { Qualified: 'It is.', Unreachable: 'It does not answer.', ...working },
  },
  MirrorReady: {
    about: 'Whether the pool that is named as mirror takes a second copy of every pack; there only where one is named.',
    reasons: { Available: 'It does.', ...working },
  },
  DatabaseReady: {
    about: 'Whether PostgreSQL takes writes, with its schemas up to date.',
    reasons: { Available: 'It does.', ...ofOthers, ...working },
  },
  MessagingReady: { about: 'Whether Kafka and Redis answer.', reasons: { Available: 'They do.', ...ofOthers, ...working } },
  Released: {
    about: 'Whether the Helm releases are installed as they should be.',
    reasons: {
      InSync: 'They are.',
      AwaitingWindow: 'A new version waits for the maintenance window of the cell. The message says when it opens.',
      AwaitingTurn: 'A new version waits for the upgrade of another cell, which the message names.',
      HeldBack:
        'A new version waits because the upgrade of another cell failed. Mend that one, or set its version back; the message names it.',
      RolledBack: 'A new version did not become healthy, and the one before runs again.',
      ...working,
    },
  },
  Registered: {
    about: 'Whether the services know the tenant with all that its spec says.',
    reasons: { Registered: 'They do.', ...working },
  },
  SignInReady: {
    about: 'Whether people can sign in by every provider that the spec names; there only where it names some.',
    reasons: {
      Offered: 'They can.',
      SecretMissing: 'A Secret of a provider, or its key clientSecret, is missing: the provider is not offered until it is there.',
    },
  },
  Reachable: { about: 'Whether the gateway answers for the host.', reasons: { Answering: 'It does.', ...working } },
  SecretsRotated: {
    about:
      'Whether the secrets that were made for a cell are in use and no others taken. New ones are asked for by the annotation ' +
      'driftbox.io/rotate-secrets and by spec.secrets.',
    reasons: {
      Current: 'They are; the message says since when.',
      Adding: 'New ones are given to every pod beside those in use. The message says who has not got them yet.',
      Switching: 'The new ones come into use, and those before are still taken. The message says who works with those before.',
      Withdrawing: 'Those before are no longer taken. The message says who has them still.',
      Waiting: 'A rotation is due, and something else has to come first; the message names it.',
    },
  },
  Drifted: {
    about: 'Whether somebody changed by hand what the operator keeps.',
    reasons: {
      None: 'Nobody did.',
      Corrected: 'Somebody did, and it was changed back.',
      Exempt: 'What was changed is paused, and is left as it is.',
    },
  },
  QuotaExceeded: {
    about: 'Whether more is stored than the limits allow.',
    reasons: { Within: 'No.', Storage: 'Too many bytes.', Files: 'Too many files.' },
  },
  Paused: { about: 'Whether the annotation driftbox.io/paused holds everything.', reasons: { Annotated: 'It does; remove it to go on.' } },
  Deleting: {
    about: 'There only while it is being deleted; the message lists what still blocks.',
    reasons: {
      InUse: 'Something still names it.',
      Snapshotting: 'A last backup is being made first.',
      Erasing: 'Data is being erased.',
      Retaining: 'Data is kept, and recorded.',
    },
  },
};
