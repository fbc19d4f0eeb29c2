import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { withInstallLock } from './install-lock.ts';
import type { Installable, Report } from './installable.ts';

/** Where installed components are kept, shared by all checkouts of this user: `DRIFTBOX_COMPONENTS`, else the user's cache. */
export function cacheFolder(): string {
  const userCache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  return process.env['DRIFTBOX_COMPONENTS'] ?? path.join(userCache, 'driftbox', 'components');
}

/** The folder of one installation: `NAME-VERSION-HASH`, the hash over its recipe and this kind of machine. */
export function installedFolder({ name, version, recipe }: Installable): string {
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, version, ...recipe]));
  return path.join(cacheFolder(), `${name}-${version}-${hash.digest('hex').slice(0, 12)}`);
}

/** True when the installation is complete: a folder gets its name only then. */
export function isInstalled(installable: Installable): boolean {
  return existsSync(installedFolder(installable));
}

/**
 * Installs what is missing and answers its folder. Several processes may ask at once: one installs, the others wait. One
 * that was killed half way is begun again by the next; Go and Maven go on with what they have fetched and built.
 */
export async function ensureInstalled(installable: Installable, report: Report): Promise<string> {
  const folder = installedFolder(installable);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  await withInstallLock(path.join(cacheFolder(), `${installable.name}.lock`), report, async () => {
    if (existsSync(folder)) return;
    const missing = await installable.missing();
    if (missing !== undefined) throw new Error(`${installable.name} cannot be installed: ${missing}`);
    const making = `${folder}.making`;
    await rm(making, { recursive: true, force: true });
    await mkdir(making);
    await installable.install(making, report);
    await rename(making, folder);
  });
  return folder;
}
