import path from 'node:path';
import { installedFolder } from '../../components/install/cache.ts';
import { debianEnvironment } from '../../components/install/debian-program.ts';
import { busyboxProgram, redisProgram } from '../../components/programs.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putProgram, putShell, putSystem } from '../root-folder.ts';

/** Redis with its command line, for probes. */
export const redisImage: ImageRecipe = {
  name: 'redis',
  about: 'Redis',
  needs: [redisProgram, busyboxProgram],
  build: async (work) => {
    const installed = installedFolder(redisProgram);
    const libraries = debianEnvironment(installed)['LD_LIBRARY_PATH'];
    const root = await emptyRoot(path.join(work, 'redis'));
    await putSystem(root);
    await putShell(root, path.join(installedFolder(busyboxProgram), 'busybox'));
    await putProgram(root, path.join(installed, 'redis-server'), 'usr/bin/redis-server', libraries);
    await putProgram(root, path.join(installed, 'root/usr/bin/redis-cli'), 'usr/bin/redis-cli', libraries);
    return { layers: [root], config: { Entrypoint: ['/usr/bin/redis-server'], User: appUser, Env: ['PATH=/usr/bin:/bin'] } };
  },
};
