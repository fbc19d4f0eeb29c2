import { defaultBrakePolicy } from '@driftbox/domain';
import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { email, hostName, issuerUrl, objectName, secretName, text, uuid, whole } from '../schema/fields.ts';
import { deletionProtection, retainSnapshotOrDelete } from '../schema/life.ts';
import { labels, namedList, setOf } from '../schema/lists.ts';
import { ruled } from '../schema/rule.ts';
import { exactlyOne, fixed, sameChoice } from '../schema/rules.ts';
import { backupDestination, backupKeySecret } from './backup-place.ts';
import { limits, retentionOverride } from './quota.ts';
import { conditions, contentState, measured, observedGeneration, plan, requestedAt } from './status.ts';

const noMove = 'a tenant is not moved by an edit; make another tenant';

const shared = ruled(
  z.strictObject({
    cell: objectName.optional().describe('The cell. Any that has room if absent.'),
    selector: labels(16).optional().describe('Labels that the cell must have, where none is named.'),
  }),
  {
    on: 'every write',
    cel: '!has(self.cell) || !has(self.selector)',
    message: 'set cell or selector, not both',
    holds: (self) => self.cell === undefined || self.selector === undefined,
  },
  fixed('cell', noMove),
);

const isolation = ruled(
  z.strictObject({
    shared: shared.optional().describe('In a cell with other tenants, isolated by keys, rows and limits.'),
    dedicated: ruled(
      z.strictObject({ template: objectName.describe('Cell with template: true after which it is made, and whose version it follows.') }),
      fixed('template', noMove),
    )
      .optional()
      .describe('In a cell of its own.'),
  }),
  exactlyOne('shared', 'dedicated'),
  sameChoice(['shared', 'dedicated'], noMove),
);

const clientId = z.string().min(1).max(256).describe('Client id at the provider.');
const clientSecret = secretName.describe(
  "Secret in the operator's namespace with the key clientSecret. Without it the provider is not offered.",
);

const identity = z.strictObject({
  signUp: z
    .enum(['open', 'invite', 'closed'])
    .default('invite')
    .describe('Who may sign up: anybody, those who were invited, or nobody. Default invite.'),
  google: z
    .strictObject({
      clientId,
      clientSecret,
      domains: setOf(hostName, 1, 16)
        .optional()
        .describe('Google Workspace domains whose people may sign in. Anybody with a Google account if absent.'),
    })
    .optional()
    .describe('Sign-in with Google.'),
  issuers: namedList(
    z.strictObject({
      name: objectName.describe('Name of the provider, in its sign-in address.'),
      displayName: z.string().min(1).max(63).optional().describe('What the sign-in button says. The name if absent.'),
      issuer: issuerUrl.describe('Issuer of the OpenID provider, for example https://login.example.com.'),
      clientId,
      clientSecret,
    }),
    'name',
    8,
  )
    .optional()
    .describe('Sign-in with OpenID providers. One called google gives way to spec.identity.google.'),
});

const brake = ruled(
  z.strictObject({
    on: z.boolean().default(defaultBrakePolicy.on).describe('Whether devices are held at all.'),
    files: whole(1, 1_000_000_000)
      .default(defaultBrakePolicy.files)
      .describe(`So many files a device may delete or rewrite in each drive within a window. Default ${defaultBrakePolicy.files}.`),
    percent: whole(1, 100)
      .default(defaultBrakePolicy.percent)
      .describe(`Or so many percent of the drive's files, where that is more. Default ${defaultBrakePolicy.percent}.`),
    mostFiles: whole(1, 1_000_000_000)
      .default(defaultBrakePolicy.mostFiles)
      .describe(`But never more files than this. Default ${defaultBrakePolicy.mostFiles}.`),
    windowMinutes: whole(1, 1_440)
      .default(defaultBrakePolicy.windowMinutes)
      .describe(`How long a window is. Default ${defaultBrakePolicy.windowMinutes}.`),
  }),
  {
    on: 'every write',
    field: 'files',
    cel: 'self.files <= self.mostFiles',
    message: 'is more than mostFiles',
    holds: ({ files, mostFiles }) => files <= mostFiles,
  },
);

const linkPolicy = z.strictObject({
  allowed: z.boolean().default(true).describe('Whether links for people without an account open anything. Default true.'),
  password: z.enum(['optional', 'required']).default('optional').describe('Whether a link needs a password. Default optional.'),
  maxDays: whole(1, 3_650).optional().describe('A link ends so many days after it was made, whatever it says itself. Unlimited if absent.'),
});

const spec = ruled(
  z.strictObject({
    displayName: text(63, '^\\S(.*\\S)?$', 'a name without spaces at its ends')
      .optional()
      .describe('What people read. The name of the object if absent.'),
    hosts: setOf(hostName, 1, 16).describe('Host names by which the tenant is reached. No other tenant may have one of them.'),
    isolation: isolation.prefault({ shared: {} }).describe('Whether it shares a cell with others.'),
    pool: objectName.optional().describe('Storage pool for its content. The first pool of the cell that has room if absent.'),
    quota: objectName.optional().describe('Name of the Quota whose limits hold.'),
    limits: limits.optional().describe('Limits in place of those of the quota, one by one.'),
    retention: retentionOverride.optional().describe('How long what people delete or overwrite is kept, in place of what the quota says.'),
    brake: brake
      .optional()
      .describe('When a device that deletes or rewrites improbably much is held until a person decides. The defaults if absent.'),
    linkPolicy: linkPolicy.optional().describe('What holds for links for people without an account, those made before too.'),
    firstAdministrator: z
      .strictObject({
        email: email.optional().describe('Address to which the invitation is sent. It is put into a Secret alone if absent.'),
      })
      .optional()
      .describe('Who is invited as owner while the tenant has no user.'),
    identity: identity.prefault({}).describe('How people sign up and sign in.'),
    suspended: z.boolean().default(false).describe('While true nobody is let in; nothing is lost.'),
    adopt: uuid
      .optional()
      .describe('Id of a tenant that was deleted and whose data was kept: this one takes it over. Only when it is made.'),
    deletionPolicy: retainSnapshotOrDelete
      .default('Retain')
      .describe(
        'What becomes of its data when the tenant is deleted: Retain keeps it, Snapshot erases it after a last backup, Delete erases it.',
      ),
    snapshot: z
      .strictObject({ destination: backupDestination.describe('Where the last backup is kept.'), keySecret: backupKeySecret })
      .optional()
      .describe('The last backup, which deletionPolicy Snapshot makes.'),
    deletionProtection,
  }),
  {
    on: 'every write',
    field: 'snapshot',
    cel: "self.deletionPolicy != 'Snapshot' || has(self.snapshot)",
    message: 'snapshot says where the last backup goes, which deletionPolicy Snapshot makes',
    holds: ({ deletionPolicy, snapshot }) => deletionPolicy !== 'Snapshot' || snapshot !== undefined,
  },
  fixed('adopt', 'what a tenant takes over is decided when it is made'),
  fixed('pool', 'content is not moved by an edit; make another tenant'),
);

const status = z.strictObject({
  observedGeneration,
  conditions,
  tenantId: z.string().max(36).optional().describe('Its id in keys, rows, objects and logs, for ever.'),
  cell: z.string().max(63).optional().describe('The cell that it is in.'),
  pool: z.string().max(63).optional().describe('The pool that its content is in.'),
  usage: z
    .strictObject({
      storage: measured.optional().describe('Bytes that people see.'),
      files: whole(0, Number.MAX_SAFE_INTEGER).optional().describe('Files, those in the trash included.'),
      users: whole(0, 1_000_000_000).optional().describe('People who have signed up.'),
    })
    .optional()
    .describe('What it uses, looked at about every ten minutes; exact figures are metrics.'),
  content: contentState.describe('How whole its content was found.'),
  limits: z
    .strictObject({ storage: measured.optional().describe('Bytes that people may use.') })
    .optional()
    .describe('What holds of quota and limits together.'),
  plan,
  requestedAt,
});

/** A customer whose people, files and keys are isolated from all others. */
export const tenantKind = defineKind({
  kind: 'Tenant',
  plural: 'tenants',
  singular: 'tenant',
  shortName: 'dbt',
  about: 'A customer whose people, files and keys are isolated from all others, reached at host names of its own.',
  reserved: ['default', 'system', 'admin', 'driftbox'],
  spec,
  status,
  columns: [
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Host', path: '.spec.hosts[0]' },
    { name: 'Cell', path: '.status.cell' },
    { name: 'Used', path: '.status.usage.storage' },
    { name: 'Quota', path: '.status.limits.storage' },
  ],
});
