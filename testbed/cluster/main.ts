// `npm run cluster`: a real one-node Kubernetes on this machine, for trying and testing DriftBox's operator.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseCommandLine, readChoice, runMain, UsageError } from '@driftbox/command-line';
import { ensureInstalled, installedFolder } from '../components/install/cache.ts';
import { helmProgram, kubernetesProgram, runtimeProgram } from '../components/programs.ts';
import { buildImages } from '../images/build-images.ts';
import { recipeOf } from '../images/recipes.ts';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { adminKubeconfig, clusterFolder } from './cluster-folder.ts';
import { findCluster } from './find-cluster.ts';
import { kubectl } from './kubectl.ts';
import { loadImages } from './load-images.ts';
import { restartCluster, startCluster } from './start-cluster.ts';
import { stopCluster } from './stop-cluster.ts';

const usage = `npm run cluster -- COMMAND [--json]

A real one-node Kubernetes in namespaces of its own, on Linux, as root. It reaches this machine and nothing else.
  up                    starts it, and builds first what is missing; prints the kubeconfig
  restart               cuts the power of its node, and starts it again with what was on its disk
  down                  ends it and removes everything
  status                what runs in it
  load-images [FILES]   loads archives of images into it; by default all that npm run images has built

  --json                prints one JSON document instead of text

Example: npm run cluster -- up && npm run images -- --load`;

/** Images that the cluster itself needs. */
const ownImages = ['pause', 'coredns', 'local-path-provisioner', 'busybox'];

const imagesFolder = path.join(projectFolder, '.cache/images');
const progress = (line: string): void => void process.stderr.write(`${line.slice(0, 160)}\n`);

async function up(json: boolean): Promise<number> {
  const startMs = performance.now();
  const seconds = (): string => ((performance.now() - startMs) / 1000).toFixed(1);
  for (const program of [kubernetesProgram, helmProgram, runtimeProgram]) await ensureInstalled(program, progress);
  const built = await buildImages(ownImages.map(recipeOf), {
    out: imagesFolder,
    registry: 'localhost',
    report: progress,
    onImage: () => {},
  });
  progress(`${seconds()} s  programs and images are there`);
  await startCluster({
    images: built.map(({ file }) => file),
    version: await projectVersion(),
    report: (line) => progress(`${seconds()} s  ${line}`),
  });
  if (json) console.log(JSON.stringify({ kubeconfig: adminKubeconfig(), folder: clusterFolder(), seconds: Number(seconds()) }));
  else console.log(`the cluster is up after ${seconds()} s\n${exports()}`);
  return 0;
}

/** What a shell needs for kubectl and helm. */
function exports(): string {
  const folders = [kubernetesProgram, helmProgram].map(installedFolder);
  return `export KUBECONFIG=${adminKubeconfig()} PATH=${folders.join(':')}:$PATH`;
}

async function restart(json: boolean): Promise<number> {
  const startMs = performance.now();
  await restartCluster(progress);
  const seconds = Number(((performance.now() - startMs) / 1000).toFixed(1));
  console.log(json ? JSON.stringify({ seconds }) : `the node is back after ${seconds} s`);
  return 0;
}

async function down(json: boolean): Promise<number> {
  const ran = await stopCluster();
  console.log(json ? JSON.stringify({ ran }) : ran ? 'the cluster is gone' : 'no cluster was up');
  return 0;
}

async function status(json: boolean): Promise<number> {
  const processes = await findCluster();
  if (processes === undefined) {
    console.log(json ? JSON.stringify({ up: false }) : 'no cluster is up; npm run cluster -- up starts one');
    return 1;
  }
  const isLost = processes.folder !== clusterFolder() || !existsSync(adminKubeconfig());
  if (isLost && json) console.log(JSON.stringify({ up: true, ...processes }));
  else if (isLost) console.log(`a cluster is up whose files are not here but in ${processes.folder}; npm run cluster -- down ends it`);
  else if (json) console.log(JSON.stringify({ up: true, ...processes, kubeconfig: adminKubeconfig(), pods: await podStates() }));
  else console.log(`${await kubectl(['get', 'nodes,pods', '--all-namespaces', '-o', 'wide'])}\n${exports()}`);
  return 0;
}

async function podStates(): Promise<{ namespace: string; name: string; phase: string }[]> {
  type Pod = { readonly metadata: { readonly namespace: string; readonly name: string }; readonly status: { readonly phase: string } };
  const { items } = JSON.parse(await kubectl(['get', 'pods', '--all-namespaces', '-o', 'json'])) as { readonly items: readonly Pod[] };
  return items.map(({ metadata, status: { phase } }) => ({ namespace: metadata.namespace, name: metadata.name, phase }));
}

async function load(files: readonly string[], json: boolean): Promise<number> {
  const found = files.length > 0 ? files : await archivesIn(imagesFolder);
  if (found.length === 0) throw new Error('no images are built; npm run images builds them');
  await loadImages(found);
  console.log(json ? JSON.stringify(found) : `loaded ${found.map((file) => path.basename(file)).join(', ')}`);
  return 0;
}

async function archivesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => name.endsWith('.tar')).map((name) => path.join(folder, name));
}

const commands = { up, restart, down, status };

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const [first, ...rest] = positionals;
  if (first === undefined) throw new UsageError('name a command');
  const command = readChoice('the command', first, ['up', 'restart', 'down', 'status', 'load-images']);
  if (command === 'load-images') return load(rest, values.json);
  if (rest.length > 0) throw new UsageError(`${command} takes no arguments`);
  return commands[command](values.json);
}

await runMain({ name: 'cluster', usage, main });
