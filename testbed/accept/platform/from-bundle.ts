import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { kubectl } from '../../cluster/kubectl.ts';
import { containerdClient } from '../../cluster/load-images.ts';
import { stopCluster } from '../../cluster/stop-cluster.ts';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';
import { commandBlocks, firstFile, type } from './trial.ts';

const folder = path.join(projectFolder, '.cache/bundle');

/** The file that is carried to where there is no network, and nothing else: what it was made from is not looked at again. */
export const fromBundle: Point = {
  number: 11,
  promise: 'a bundle, unpacked beside a cluster without registry or network, makes a tenant, and a file goes through its host',
  async show(tell) {
    await stopCluster();
    await rm(folder, { recursive: true, force: true });
    const startMs = performance.now();
    const figures: string[] = [];
    const done = (what: string): void => {
      figures.push(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);
      tell(what);
    };
    try {
      await mkdir(folder, { recursive: true });
      done(`made: ${(await type(`set -o pipefail; npm run -s images -- --bundle ${folder}/bundle.tar 2>&1 | tail -1`)).trim()}`);
      const root = (await type(`cd ${folder} && tar -xf bundle.tar && rm bundle.tar && echo $PWD/driftbox-*`)).trim();
      await type('npm run -s cluster -- up');
      await putClient();
      const before = await imagesOnNode();
      done(`a node with ${before.length} images: ${before.map((name) => path.basename(name)).join(', ')}`);
      const commands = await commandsOf(path.join(root, 'README.md'));
      for (const line of commands) {
        await type(`cd ${root} && PATH=${folder}/bin:$PATH && ${line}`);
        done(line);
      }
      await firstFile();
      done("the first administrator signed up, put a file of 3 MB and got it back through the tenant's host, over TLS");
      const pods = await podsAndPulls();
      figures.push(pods.text);
      return { holds: commands.length === 6 && !before.some(isInstalled) && pods.holds, figure: figures.join('\n') };
    } finally {
      await stopCluster();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Those of its way without a registry, and of the tenant that comes then. */
async function commandsOf(file: string): Promise<readonly string[]> {
  const sections = (await readFile(file, 'utf8')).split('\n## ');
  return ['Images on every node', 'A first tenant'].flatMap((title) =>
    sections.filter((section) => section.startsWith(title)).flatMap((section) => commandBlocks(section).flat()),
  );
}

/** Whoever types `ctr` is on the node. */
async function putClient(): Promise<void> {
  const { command, env } = await containerdClient();
  const settings = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`);
  await mkdir(path.join(folder, 'bin'));
  await writeFile(path.join(folder, 'bin/ctr'), `#!/bin/sh\n${settings.join('')}exec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
}

async function imagesOnNode(): Promise<readonly string[]> {
  const names = (await type(`${folder}/bin/ctr --namespace k8s.io images ls -q`)).split('\n');
  return names.filter((name) => /:[^@]+$/.test(name) && !name.startsWith('sha256:'));
}

function isInstalled(image: string): boolean {
  return /\/(operator|services|nginx|postgres|kafka|redis|minio):/.test(image);
}

/** That every container asks for what its node has, by digest, and that no registry was asked for anything. */
async function podsAndPulls(): Promise<{ readonly holds: boolean; readonly text: string }> {
  type Container = { readonly image: string; readonly imagePullPolicy: string };
  type Spec = { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
  type Pod = { readonly metadata: { readonly namespace: string }; readonly spec: Spec };
  type Event = { readonly reason: string; readonly message: string };
  const list = async <T>(what: string): Promise<readonly T[]> =>
    (JSON.parse(await kubectl(['get', what, '--all-namespaces', '-o', 'json'])) as { readonly items: readonly T[] }).items;
  const pods = (await list<Pod>('pods')).filter(({ metadata }) => metadata.namespace.startsWith('driftbox-'));
  const containers = pods.flatMap(({ spec }) => [...spec.containers, ...(spec.initContainers ?? [])]);
  const wrong = containers.filter(({ image, imagePullPolicy }) => imagePullPolicy !== 'IfNotPresent' || !image.includes('@sha256:'));
  const events = await list<Event>('events');
  const asked = events.filter(({ reason, message }) => reason === 'Pulling' || /ImagePull/.test(`${reason} ${message}`));
  const found = events.filter(({ reason, message }) => reason === 'Pulled' && message.includes('already present'));
  const lines = [
    `${containers.length} containers of ${pods.length} pods, IfNotPresent and by digest but for ${wrong.length}`,
    `${found.length} times an image was on the node already, ${asked.length} times a registry was asked`,
    ...asked.map(({ message }) => message),
  ];
  return { holds: containers.length > 0 && wrong.length === 0 && asked.length === 0 && found.length > 0, text: lines.join('\n') };
}
