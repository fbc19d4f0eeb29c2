// Which Node runs the tasks: the one pinned in the lockfile, or the running one where no package carries Node for this machine.
import fs from 'node:fs';
import path from 'node:path';

/** The oldest Node that has all that the sources use: type stripping without a flag, zstd dictionaries, argon2. */
const oldest = [24, 12];

/**
 * The path of the Node to run tasks with.
 * Throws an error that says what to do when there is none.
 */
export function findNode(root, running = process) {
  const pinned = path.join(root, 'node_modules', `node-${running.platform}-${running.arch}`, 'bin', 'node');
  if (fs.existsSync(pinned)) return pinned;
  const [major, minor] = running.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return running.execPath;
  throw new Error(
    `no Node is packaged for ${running.platform}-${running.arch} and this one is ${running.versions.node}. ` +
      `Install Node ${oldest.join('.')} or newer, then run the same command again.`,
  );
}
