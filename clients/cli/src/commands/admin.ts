import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { LocalError } from '@driftbox/transfer';
import type { Command, Context } from '../command.ts';
import { UsageError, exitCodes, type ExitCode } from '../exit-codes.ts';
import { visible } from '../output.ts';

export const admin: Command = {
  name: 'admin',
  summary: 'Administer a tenant or a cell: people, quotas, issuers, keys, backups, erasure',
  synopsis: [
    'users',
    'users suspend|restore ADDRESS',
    'users role ADDRESS ROLE',
    'users remove ADDRESS|ID [--hand-over-to ADDRESS] [--dry-run | --yes]',
    'invite ADDRESS [--role ROLE]',
    'invitations [revoke ADDRESS|ID]',
    'devices ADDRESS [remove DEVICE]',
    'sessions ADDRESS [end SESSION]',
    'usage',
    'quotas [ADDRESS SIZE|none|default]',
    'links',
    'issuers',
    'issuers put NAME --client-id ID [--issuer URL] [--client-secret-file FILE] [--domain NAME]...',
    'issuers remove NAME',
    'recovered',
    'fsck [--tenant ID] --server URL [--repair]',
    'keys [rotate] [--tenant ID] --server URL [--dry-run]',
    'keys rewrap --server URL [--dry-run]',
    'keys retire GENERATION --server URL [--dry-run]',
    'export-keys FILE',
    'import-keys FILE [--dry-run]',
    'erasure key FILE',
    'erasure run --tenant ID --key-file FILE --out RECEIPT --yes',
    'erasure verify RECEIPT --public-key FILE',
    'backup key FILE',
    'backup create|list --tenant ID --in PLACE --key-file FILE',
    'backup verify|rehearse|tenant [BACKUP] --tenant ID --in PLACE --key-file FILE',
    'backup remove BACKUP --tenant ID --in PLACE --key-file FILE',
    'restore [BACKUP] --tenant ID --in PLACE --key-file FILE',
    'backup create|list|verify|remove [BACKUP] --all --in PLACE --key-file FILE',
    'restore [BACKUP] --all --in PLACE --key-file FILE',
    'render FILE... [--namespace NAME]',
  ],
  example: 'driftbox admin render cell.yaml pool.yaml quota.yaml tenant.yaml',
  args: { min: 1, max: 100 },
  flags: {
    'hand-over-to': { value: 'ADDRESS', description: 'users remove: who takes over the drives and shared folders' },
    'dry-run': { description: 'users remove, keys, import-keys, erasure run: show what would happen, and change nothing' },
    yes: { description: 'users remove, erasure run: really end the account, or the tenant' },
    out: { value: 'RECEIPT', description: 'erasure run: the file that the receipt goes to' },
    'public-key': { value: 'FILE', description: 'erasure verify: the public key of receipts' },
    role: { value: 'ROLE', description: 'invite: owner, admin, member (the default) or guest' },
    namespace: { value: 'NAME', description: "render, export-keys, import-keys: the operator's namespace, driftbox-system if not given" },
    selector: { value: 'LABELS', description: 'export-keys: of cells with these labels, where several operators share a cluster' },
    'passphrase-file': { value: 'FILE', description: 'export-keys, import-keys: file with the passphrase; asked for if not given' },
    tenant: {
      value: 'ID',
      description: 'fsck, keys, erasure, backup, restore: the tenant; of fsck and keys, --server is the internal address of upload',
    },
    all: { description: 'backup, restore: every tenant of the cell, in place of --tenant' },
    in: { value: 'PLACE', description: 'backup, restore: the folder or s3://BUCKET/PREFIX that backups are in' },
    'key-file': { value: 'FILE', description: 'backup, restore: the backup key; erasure run: the private key of receipts' },
    'internal-port': {
      value: 'PORT',
      description: "backup, restore, recovered, erasure run: the first internal port of this machine's server",
    },
    internal: {
      value: 'SERVICE=URL',
      many: true,
      description: 'backup, restore, recovered, erasure run: the internal address of a service (repeatable)',
    },
    as: { value: 'ID', description: 'restore: into this tenant instead of the one that was backed up' },
    name: { value: 'NAME', description: 'restore: make the tenant, under this name' },
    host: { value: 'HOST', many: true, description: 'restore: a host of the tenant that is made (repeatable)' },
    replace: { description: 'restore: what the tenant has now goes first' },
    abandon: { description: 'restore: remove what an unfinished restore has brought' },
    progress: { value: 'STYLE', description: 'backup, restore: bar, lines, json or none' },
    issuer: { value: 'URL', description: 'issuers put: the OpenID issuer; known for google' },
    'client-id': { value: 'ID', description: 'issuers put: what the issuer knows this server by' },
    'client-secret-file': { value: 'FILE', description: 'issuers put: file with the secret that goes with it' },
    'display-name': { value: 'TEXT', description: 'issuers put: what the sign-in page says' },
    domain: { value: 'NAME', many: true, description: 'issuers put: only people of this hosted domain (repeatable)' },
    repair: { description: 'fsck: repair what can be repaired' },
  },
  completes: 'files',
  run: async (context) => {
    const [verb = '', ...words] = context.given.args;
    const load = Object.hasOwn(parts, verb) ? parts[verb] : undefined;
    if (load === undefined) throw new UsageError(`there is no command admin ${visible(verb)}: it is ${Object.keys(parts).join(', ')}`);
    const part = await load();
    return part(context, words);
  },
};

type Part = (context: Context, words: readonly string[]) => Promise<ExitCode>;

/** What each first word does with the others; whoever uses one loads it alone. */
const parts: Readonly<Record<string, () => Promise<Part>>> = {
  users: async () => (await import('../set-users.ts')).setUsers,
  invite: async () => (await import('../invite-to-tenant.ts')).inviteToTenant,
  invitations: async () => (await import('../invite-to-tenant.ts')).tenantInvitations,
  issuers: async () => (await import('../set-issuers.ts')).setIssuers,
  devices: async () => (await import('../sign-people-out.ts')).peoplesDevices,
  sessions: async () => (await import('../sign-people-out.ts')).peoplesSessions,
  usage: async () => (await import('../people-usage.ts')).peoplesUsage,
  quotas: async () => (await import('../people-usage.ts')).peoplesQuotas,
  links: () => Promise.resolve(everybodysLinks),
  recovered: async () => (await import('../open-recovered.ts')).openRecovered,
  fsck: async () => (await import('../check-tenant.ts')).checkTenant,
  keys: async () => (await import('../manage-keys.ts')).manageKeys,
  'export-keys': async () => (await import('../cluster-keys/move-keys.ts')).exportKeys,
  'import-keys': async () => (await import('../cluster-keys/move-keys.ts')).importKeys,
  erasure: async () => (await import('../manage-erasure.ts')).manageErasure,
  backup: async () => (await import('../backup-tenant.ts')).backupTenant,
  restore: async () => (await import('../restore-tenant.ts')).restoreTenant,
  render: () => Promise.resolve(renderFiles),
};

async function everybodysLinks(context: Context, words: readonly string[]): Promise<ExitCode> {
  if (words.length > 0) throw new UsageError('admin links names nothing: driftbox link revoke LINK ends one');
  const { listLinks } = await import('../list-links.ts');
  await listLinks(context, { everybody: true });
  return exitCodes.ok;
}

async function renderFiles({ output, given }: Context, files: readonly string[]): Promise<ExitCode> {
  if (files.length === 0) throw new UsageError('name the files to render');
  const { readResources, renderResources, writeManifests } = await import('@driftbox/resources');
  const read = await Promise.all(files.map(async (file) => ({ file, ...readResources(await textOf(file)) })));
  const faults = read.flatMap((one) => (one.ok ? [] : one.faults.map((fault) => `${one.file}: ${fault}`)));
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  const resources = read.flatMap((one) => (one.ok ? one.resources : []));
  if (!resources.some(({ kind }) => kind === 'Tenant')) throw new UsageError('there is no Tenant in these files');
  const { objects, intents, problems, notes } = renderResources(resources, given.text('namespace') ?? 'driftbox-system');
  output.result({ objects, intents, problems, notes }, () => [
    ...intents.map((intent) => `# the services are told: ${JSON.stringify(intent)}`),
    writeManifests(objects).trimEnd(),
  ]);
  for (const line of output.json ? problems : [...problems, ...notes]) output.note(visible(line));
  return problems.length === 0 ? exitCodes.ok : exitCodes.partial;
}

async function textOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read ${file}: ${error.message}`);
  });
}
