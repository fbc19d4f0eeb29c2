import { execFile } from 'node:child_process';
import { readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../components/install/find-program.ts';
import { installedFolder } from '../../components/install/cache.ts';
import { busyboxProgram, kafkaJars } from '../../components/programs.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putFolder, putLibraries, putShell, putSystem } from '../root-folder.ts';

const run = promisify(execFile);

/** What brokers, controllers and their tools use of Java: a third of what it weighs whole. */
const modules = [
  'java.base',
  // For java.beans, in which log4j hears of changes.
  'java.desktop',
  'java.logging',
  'java.management',
  'java.naming',
  'java.security.jgss',
  'java.security.sasl',
  'java.sql',
].concat(['java.xml', 'jdk.crypto.ec', 'jdk.management', 'jdk.unsupported']);

/** What java.desktop draws, prints and plays with, which takes libraries of a desktop. */
const drawing = /^lib(awt|font|freetype|javajpeg|jawt|jsound|lcms|mlib|splashscreen)/;

/** Kafka with just the Java that it needs. */
export const kafkaImage: ImageRecipe = {
  name: 'kafka',
  about: 'Kafka in KRaft mode',
  needs: [kafkaJars, busyboxProgram],
  build: async (work) => {
    const root = await emptyRoot(path.join(work, 'java'));
    await putSystem(root);
    await putShell(root, path.join(installedFolder(busyboxProgram), 'busybox'));
    await putJava(root);
    const jars = await emptyRoot(path.join(work, 'jars'));
    await putFolder(jars, path.join(installedFolder(kafkaJars), 'jars'), 'opt/kafka/jars');
    return {
      layers: [root, jars],
      config: {
        Entrypoint: ['/opt/java/bin/java'],
        User: appUser,
        WorkingDir: '/opt/kafka',
        Env: ['PATH=/opt/java/bin:/bin', 'JAVA_HOME=/opt/java', 'CLASSPATH=/opt/kafka/jars/*'],
      },
    };
  },
};

async function putJava(root: string): Promise<void> {
  const java = path.join(root, 'opt/java');
  const flags = ['--strip-java-debug-attributes', '--no-header-files', '--no-man-pages', '--compress=2'];
  await run(await findJlink(), [...flags, '--add-modules', modules.join(','), '--output', java]);
  for (const file of await readdir(path.join(java, 'lib'))) if (drawing.test(file)) await rm(path.join(java, 'lib', file));
  const libraries = (await readdir(path.join(java, 'lib'), { recursive: true })).filter((file) => file.endsWith('.so'));
  const own = `${java}/lib:${java}/lib/server`;
  for (const library of libraries) await putLibraries(root, path.join(java, 'lib', library), own);
  await putLibraries(root, path.join(java, 'bin/java'), own);
}

/** `jlink` comes with a development kit, beside the Java that it would put together, and is not always on the path. */
async function findJlink(): Promise<string> {
  const onPath = await findProgram('jlink');
  const java = await findProgram('java');
  const beside = java === undefined ? undefined : path.join(path.dirname(await realpath(java)), 'jlink');
  const found = onPath ?? beside;
  if (found === undefined)
    throw new Error('Java is not installed: a development kit of 17 or newer, with jlink (Debian: openjdk-17-jdk-headless)');
  return found;
}
