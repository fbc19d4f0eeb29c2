import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@driftbox/api-client';
import { parseUserId, type UserId } from '@driftbox/domain';
import { Problem, routes, type OwnedDrive, type TenantUser } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import type { Context } from './command.ts';
import { UsageError, exitCodes, type ExitCode } from './exit-codes.ts';
import { showBytes, visible } from './output.ts';

/** The server works on in the background: so often it is asked how far it is, so many times. */
const askAgainMs = 1_000;
const mostAsks = 300;

/** `driftbox admin users remove`: ends somebody's account, and hands over what they own. */
export async function removeUser(
  { given, output, signal }: Context,
  client: Client,
  people: readonly TenantUser[],
  whom: string,
): Promise<ExitCode> {
  const heir = given.text('hand-over-to');
  const dryRun = given.on('dry-run');
  if (!dryRun && !given.on('yes')) throw new UsageError('their account ends for good: look with --dry-run, then say --yes');
  const params = { user: idOf(people, whom) };
  const body = { ...(heir === undefined ? {} : { handOverTo: idOf(people, heir) }), dryRun };
  const ask = () => client.call(routes.removeUser, { params, body });
  try {
    let answer = await ask();
    for (let asks = 1; !dryRun && !answer.done && asks < mostAsks; asks += 1) {
      await sleep(askAgainMs, undefined, { signal });
      answer = { ...(await ask()), drives: answer.drives };
    }
    const verb = dryRun ? 'would go over' : heir === undefined ? 'stays' : 'went over';
    output.result(answer, () => [
      ...answer.drives.map((drive) => `${lineOf(drive)}  ${verb}`),
      dryRun ? 'nothing was changed' : `removed ${visible(whom)}`,
    ]);
    return dryRun || answer.done ? exitCodes.ok : exitCodes.partial;
  } catch (error) {
    if (error instanceof Problem && error.details?.['reason'] === 'owns_shared') {
      for (const line of sharedOf(error)) output.note(line);
      throw new Problem('locked', `${visible(whom)} owns what others share: say --hand-over-to ADDRESS`, {
        details: error.details,
        cause: error,
      });
    }
    throw error;
  }
}

/** Somebody by address, or by id also where the account has ended already. */
function idOf(people: readonly TenantUser[], whom: string): UserId {
  const found = people.find((one) => one.email === whom.toLowerCase())?.userId ?? parseUserId(whom);
  if (found === undefined) throw new LocalError(`nobody of the tenant has the address ${visible(whom)}`);
  return found;
}

function lineOf({ drive, name, kind, sizeBytes, others }: OwnedDrive): string {
  return visible(`${drive}  ${name}  ${kind}  ${showBytes(sizeBytes)}  shared with ${others}`);
}

function sharedOf({ details }: Problem): string[] {
  const drives = (details?.['drives'] ?? []) as readonly Pick<OwnedDrive, 'drive' | 'name' | 'others'>[];
  return drives.map(({ drive, name, others }) => visible(`${drive}  ${name}  shared with ${others}`));
}
