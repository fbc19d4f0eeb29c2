import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { createClient, httpTransport } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { openBrowser, passProvider } from '../../src/browser.ts';
import { registerTenant, type AddedTenant } from '../../src/register-tenant.ts';
import { createCli, type Cli } from '../../src/run-cli.ts';
import { addSyncDevice, type DeviceOwner, type SyncDevice } from '../../src/sync-device.ts';
import { worldPassword } from '../../src/world.ts';
import { mailTo, secretIn } from './mails.ts';
import { hosts, issuerName, patience, type Place } from './place.ts';

/** Somebody with a command line of their own, and devices that sync. */
export type Person = { readonly name: string; readonly email: string; readonly cli: Cli; readonly devices: readonly SyncDevice[] };

/** Everybody, and the tenants that they are in: Ada, Bob and Cleo in the first, Dora and Emil in the second. */
export type Company = {
  readonly home: AddedTenant;
  readonly acme: AddedTenant;
  readonly ada: Person;
  readonly bob: Person;
  readonly cleo: Person;
  readonly dora: Person;
  readonly emil: Person;
};

/**
 * Two tenants that take only who is invited. Ada and Dora become their owners by the secret that came with the tenant, Bob and Emil
 * by one that a mail brought them, Cleo by the issuer that Ada named. Eleven devices in all.
 */
export async function arrive(place: Place): Promise<Company> {
  const join = (host: string, name: string) => registerTenant(place.cell, host, { name, signUp: 'invite', firstAdministrator: {} });
  const [home, acme] = [await join(hosts.home, 'Home'), await join(hosts.acme, 'Acme')];
  await writeFile(passwordFile(place), `${worldPassword}\n`, { mode: 0o600 });
  const ada = await signUp(place, 'ada', home, home.invitation ?? '', 3);
  const dora = await signUp(place, 'dora', acme, acme.invitation ?? '', 2);
  await proveAddress(place, ada, home);
  const bob = await signUp(place, 'bob', home, await invitationOf(place, ada, 'bob'), 3);
  const emil = await signUp(place, 'emil', acme, await invitationOf(place, dora, 'emil'), 1);
  await nameIssuer(place, ada);
  await ada.cli.must('admin', 'invite', addressOf('cleo'));
  const cleo = await signInAtIssuer(place, 'cleo', home, 2);
  return { home, acme, ada, bob, cleo, dora, emil };
}

const addressOf = (name: string): string => `${name}@example.com`;
const passwordFile = ({ folder }: Place): string => path.join(folder, 'password');

async function ownerOf(place: Place, name: string, tenant: AddedTenant): Promise<DeviceOwner> {
  const folder = path.join(place.folder, name);
  await mkdir(folder);
  return {
    folder,
    address: place.addressOf(tenant.host),
    email: addressOf(name),
    passwordFile: passwordFile(place),
    environment: place.env,
  };
}

async function signUp(place: Place, name: string, tenant: AddedTenant, invitation: string, deviceCount: number): Promise<Person> {
  const owner = await ownerOf(place, name, tenant);
  const { address, email } = owner;
  const cli = createCli(path.join(owner.folder, 'config'), place.env);
  const who = ['--email', email, '--name', name, '--password-file', owner.passwordFile];
  await cli.must('signup', '--server', address, ...who, '--invitation', invitation);
  return { name, email, cli, devices: await addDevices(owner, name, deviceCount) };
}

async function addDevices(owner: DeviceOwner, name: string, count: number): Promise<SyncDevice[]> {
  const devices: SyncDevice[] = [];
  for (let index = 1; index <= count; index += 1) devices.push(await addSyncDevice(owner, `${name}-${index}`));
  return devices;
}

/** Nobody knew Ada's address when she was invited: she proves it with the secret that a mail brings her. */
async function proveAddress(place: Place, { email }: Person, tenant: AddedTenant): Promise<void> {
  const token = secretIn(await mailTo(place, email, 'Confirm your address'));
  const transport = httpTransport(place.addressOf(tenant.host));
  try {
    await createClient({ transport }).call(routes.verifyEmail, { body: { token } });
  } finally {
    transport.close();
  }
}

async function invitationOf(place: Place, by: Person, name: string): Promise<string> {
  await by.cli.must('admin', 'invite', addressOf(name));
  return secretIn(await mailTo(place, addressOf(name), 'You are invited to'));
}

async function nameIssuer({ folder, provider }: Place, { cli }: Person): Promise<void> {
  const secretFile = path.join(folder, 'client-secret');
  await writeFile(secretFile, `${provider.clientSecret}\n`, { mode: 0o600 });
  const client = ['--issuer', provider.issuer, '--client-id', provider.clientId, '--client-secret-file', secretFile];
  await cli.must('admin', 'issuers', 'put', issuerName, ...client);
}

async function signInAtIssuer(place: Place, name: string, tenant: AddedTenant, deviceCount: number): Promise<Person> {
  const owner = await ownerOf(place, name, tenant);
  const signIn = (cli: Cli, device: string): Promise<void> => browse(place, owner.address, cli, name, device);
  const cli = createCli(path.join(owner.folder, 'config'), place.env);
  await signIn(cli, 'terminal');
  return { name, email: owner.email, cli, devices: await addDevices({ ...owner, signIn }, name, deviceCount) };
}

/** `login --oidc`, and a browser in which the person signs in at the provider and is sent back. */
async function browse({ provider }: Place, server: string, cli: Cli, name: string, device: string): Promise<void> {
  const child = cli.start('login', '--server', server, '--oidc', issuerName, '--no-browser', '--device', device);
  const ended = once(child, 'close') as Promise<[number | null]>;
  const said: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', (line) => said.push(line));
  const address = await waitFor(() => said.find((line) => /^https?:\S+\/start\?/.test(line)), {
    ...patience,
    what: 'the address to sign in at',
  });
  const isOurs = (url: string): boolean => url.startsWith(server) || url.startsWith(provider.issuer);
  await fetch(await passProvider(openBrowser(isOurs), address, name));
  const [code] = await ended;
  if (code !== 0) throw new Error(`${name} did not sign in:\n${said.join('\n')}`);
}
