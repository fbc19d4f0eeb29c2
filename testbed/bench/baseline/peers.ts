import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '@driftbox/testkit';

const run = promisify(execFile);

/** Two folders that another program keeps alike. */
type PeerPair = {
  readonly a: string;
  readonly b: string;
  /** Does what its user would have to do to bring `b` in line; nothing where the program watches by itself. */
  carry(): Promise<void>;
  close(): Promise<void>;
};

type Peer = { readonly program: string; readonly how: string; open(folder: string): Promise<PeerPair> };

const rclone: Peer = {
  program: 'rclone',
  how: 'sync',
  open: async (folder) => {
    const [a, b] = await folders(folder);
    return {
      a,
      b,
      carry: async () => void (await run('rclone', ['sync', '--config', '/dev/null', a, b])),
      close: () => Promise.resolve(),
    };
  },
};

const restic: Peer = {
  program: 'restic',
  how: 'backup and restore',
  open: async (folder) => {
    const [a, b] = await folders(folder);
    const env = { ...process.env, RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: path.join(folder, 'cache') };
    const command = (...args: string[]) => run('restic', ['--quiet', '--repo', path.join(folder, 'repository'), ...args], { cwd: a, env });
    await command('init');
    return {
      a,
      b,
      carry: async () => {
        await command('backup', '.');
        await command('restore', 'latest', '--target', b);
      },
      close: () => Promise.resolve(),
    };
  },
};

const syncthing: Peer = {
  program: 'syncthing',
  how: 'its watcher told to wait 1 s',
  open: async (folder) => {
    const [a, b] = await folders(folder);
    const ports = await freePorts(2);
    const nodes = await Promise.all([a, b].map(async (shared, index) => newSyncthing(`${shared}-home`, shared, ports[index]!)));
    const children = await Promise.all(
      nodes.map(async ({ home, settings }) => {
        await writeFile(path.join(home, 'config.xml'), settings(nodes));
        return spawn('syncthing', ['serve', '--home', home, '--no-browser', '--no-upgrade', '--no-restart'], { stdio: 'ignore' });
      }),
    );
    return {
      a,
      b,
      carry: () => Promise.resolve(),
      close: async () => {
        const ended = children.map((child) => once(child, 'exit'));
        for (const child of children) child.kill();
        await Promise.all(ended);
      },
    };
  },
};

/**
 * Times the same work once with each other program that is installed here, and tells it as the end of a row's note.
 * `play` answers seconds; it changes something in `a`, calls `settle`, and waits until it sees the change in `b`.
 */
export async function besidePeers(
  folder: string,
  play: (pair: { readonly a: string; readonly b: string }, settle: () => Promise<void>) => Promise<number>,
): Promise<string> {
  const said: string[] = [];
  for (const { program, how, open } of [rclone, restic, syncthing]) {
    if (!(await isInstalled(program))) {
      said.push(`${program} not installed`);
      continue;
    }
    const pair = await open(path.join(folder, program));
    try {
      const seconds = await play(pair, () => pair.carry());
      said.push(`${program} (${how}) ${seconds.toFixed(2)} s`);
    } finally {
      await pair.close();
    }
  }
  return said.join(', ');
}

function isInstalled(program: string): Promise<boolean> {
  return run('which', [program]).then(
    () => true,
    () => false,
  );
}

async function folders(folder: string): Promise<[string, string]> {
  const pair: [string, string] = [path.join(folder, 'a'), path.join(folder, 'b')];
  for (const one of pair) await mkdir(one, { recursive: true });
  return pair;
}

type SyncthingNode = { readonly id: string; readonly home: string; readonly port: number; settings(all: readonly SyncthingNode[]): string };

/** Keys for one instance that knows the others at their addresses on loopback and asks nobody else. */
async function newSyncthing(home: string, shared: string, port: number): Promise<SyncthingNode> {
  await run('syncthing', ['generate', '--home', home, '--no-default-folder', '--skip-port-probing']);
  const { stdout } = await run('syncthing', ['--home', home, '--device-id']);
  const off = [
    'globalAnnounceEnabled',
    'localAnnounceEnabled',
    'relaysEnabled',
    'natEnabled',
    'crashReportingEnabled',
    'startBrowser',
    'setLowPriority',
  ];
  return {
    id: stdout.trim(),
    home,
    port,
    settings: (all) => `<configuration version="35">
  <folder id="bench" path="${shared}" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="1">
    ${all.map(({ id }) => `<device id="${id}"></device>`).join('')}
  </folder>
  ${all.map((node) => `<device id="${node.id}"><address>tcp://127.0.0.1:${node.port}</address></device>`).join('\n  ')}
  <gui enabled="false"></gui>
  <options>
    <listenAddress>tcp://127.0.0.1:${port}</listenAddress>
    <reconnectionIntervalS>1</reconnectionIntervalS><urAccepted>-1</urAccepted><autoUpgradeIntervalH>0</autoUpgradeIntervalH>
    ${off.map((option) => `<${option}>false</${option}>`).join('')}
  </options>
</configuration>`,
  };
}
