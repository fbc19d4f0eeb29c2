import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The folder of credentials and transfer state, made if need be and open to its owner alone: `DRIFTBOX_CONFIG_DIR`, else
 * `driftbox` under `XDG_CONFIG_HOME` (XDG Base Directory Specification), else `~/.config/driftbox`.
 */
export function configFolder(env: Env): string {
  const folder =
    env['DRIFTBOX_CONFIG_DIR'] ?? path.join(env['XDG_CONFIG_HOME'] ?? path.join(env['HOME'] ?? homedir(), '.config'), 'driftbox');
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700);
  return folder;
}
