import { readFileSync } from 'node:fs';
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });

/** What an administrator of a cell knows: its key, and where its services answer the cell's own routes. */
const administrator = z.strictObject({
  serviceKey: z.string().min(32),
  internal: z.strictObject({ auth: url, metadata: url, upload: url, sync: url, share: url, notification: url }),
  /** Under which names the gateway serves new tenants: `*.example.com`. */
  tenantHosts: z.string().regex(/^\*\.[a-z0-9.-]+$/, 'is not of the form *.example.com'),
});

/** A DriftBox that runs already and that tests are to use: it stays as it is, but for the people and tenants they add. */
export const runningTarget = z.strictObject({ address: url, administrator: administrator.optional() });
export type RunningTarget = z.output<typeof runningTarget>;

/** The administrator's part of a target. */
export const targetAdministrator = administrator;
export type TargetAdministrator = z.output<typeof administrator>;

/** Names the file that says which target the tests of this process use; without it each starts standalone servers of its own. */
export const targetVariable = 'DRIFTBOX_E2E_TARGET_FILE';

let read: { readonly target: RunningTarget | undefined } | undefined;

/** The running target of these tests, if they were given one. */
export function testTarget(): RunningTarget | undefined {
  if (read === undefined) {
    const file = process.env[targetVariable];
    read = { target: file === undefined ? undefined : runningTarget.parse(JSON.parse(readFileSync(file, 'utf8'))) };
  }
  return read.target;
}
