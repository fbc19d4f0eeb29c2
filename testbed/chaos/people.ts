import { createClient, httpTransport, type Client, type HttpTransport } from '@driftbox/api-client';
import { parseEntryId, parseWriteId, type EntryId } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { logInByApi, sendCommit, signUpByApi, type ApiUser } from '../src/api-user.ts';
import { countTries, lastingToken, type Tries } from '../src/load-clients.ts';
import { Ledger } from './ledger.ts';

/** One device of a person: a session and connections of its own. */
export type Device = { readonly name: string; readonly client: Client; readonly drive: Drive; readonly tries: Tries; close(): void };

/** Somebody with a drive, several devices, and one memory of all that was acknowledged to them. */
export type Person = {
  readonly user: ApiUser;
  readonly ledger: Ledger;
  readonly folders: readonly EntryId[];
  readonly devices: readonly Device[];
  /** A client of the judge's, which comes in by the door without faults. */
  readonly judge: Client;
  close(): void;
};

const foldersEach = 4;
/** Shorter than what a client may wait: work is to go on. */
const idleTimeoutMs = 15_000;

/** Signs somebody up by the direct door; their devices use the other one. */
export async function addPerson(
  name: string,
  doors: { readonly direct: string; readonly address: string },
  devices: number,
): Promise<Person> {
  const user = await signUpByApi(doors.direct, name);
  const own = httpTransport(doors.direct);
  const judge = createClient({ transport: own, token: lastingToken(user, own) });
  const folders = Array.from({ length: foldersEach }, () => newId(parseEntryId));
  const operations = folders.map((entryId, index) => ({
    op: 'createFolder' as const,
    writeId: newId(parseWriteId),
    entryId,
    parentId: user.drive.rootId,
    name: `folder-${index}`,
  }));
  await sendCommit({ client: judge, drive: user.drive }, operations);
  const all = await Promise.all(Array.from({ length: devices }, (_, index) => addDevice(user, `${name}-${index}`, doors)));
  return {
    user,
    ledger: new Ledger(),
    folders,
    devices: all,
    judge,
    close: () => {
      own.close();
      for (const device of all) device.close();
    },
  };
}

async function addDevice(user: ApiUser, name: string, doors: { readonly direct: string; readonly address: string }): Promise<Device> {
  const signedIn = await logInByApi(doors.direct, user, name);
  const transport: HttpTransport = httpTransport(doors.address, { idleTimeoutMs });
  const { counted, tries } = countTries(transport);
  const client = createClient({ transport: counted, token: lastingToken(signedIn, transport) });
  return { name, client, drive: user.drive, tries, close: () => transport.close() };
}
