// Keeps one component running until it is told to end: `node keep.ts NAME FOLDER`. When it dies, so do the component's processes.
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeptComponent } from './background.ts';
import { componentOf } from './components.ts';

const [name = '', folder = ''] = process.argv.slice(2);
const ending = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.resolve());

const running = await componentOf(name).start(path.join(folder, 'files'));
const kept: KeptComponent = { name, keeper: process.pid, addresses: running.addresses, pids: running.pids };
const file = path.join(folder, 'kept.json');
writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
renameSync(`${file}.new`, file);

// An open timer keeps this process alive; a component of other processes gives it nothing to wait for.
const alive = setInterval(() => {}, 60_000);
await ending.promise;
clearInterval(alive);
await running.stop();
process.exit(0);
