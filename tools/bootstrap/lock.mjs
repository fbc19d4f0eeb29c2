// One process at a time, across processes: a file that names the holder. A holder that died is replaced.
import fs from 'node:fs';
import path from 'node:path';

const pollMs = 200;
const deadlineMs = 15 * 60_000;

/** Runs `work` while holding the lock file. Throws after 15 minutes of waiting for another holder. */
export async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await acquire(file);
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

async function acquire(file) {
  const giveUpAtMs = Date.now() + deadlineMs;
  let told = false;
  while (!tryCreate(file)) {
    const holder = readHolder(file);
    if (holder !== undefined && !isAlive(holder)) {
      removeStale(file, holder);
      continue;
    }
    if (Date.now() > giveUpAtMs) {
      throw new Error(`process ${holder} has held ${file} for ${deadlineMs / 60_000} minutes. End it, or delete that file if it hangs.`);
    }
    if (!told) process.stderr.write(`bootstrap: waiting for process ${holder ?? '(starting)'}, which is installing\n`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** The holder's id is written before the file gets its name, so that nobody ever reads an empty one. */
function tryCreate(file) {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function readHolder(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two waiters may both see the dead holder. Whoever moved away a living one's file by mistake puts it back. */
function removeStale(file, deadHolder) {
  const moved = `${file}.stale.${process.pid}`;
  try {
    fs.renameSync(file, moved);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readHolder(moved) !== deadHolder) fs.linkSync(moved, file);
  fs.rmSync(moved, { force: true });
}
