import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { installedFolder } from '../../components/install/cache.ts';
import { debianEnvironment } from '../../components/install/debian-program.ts';
import { busyboxProgram, nginxProgram } from '../../components/programs.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putProgram, putShell, putSystem } from '../root-folder.ts';

/** NGINX alone; its configuration is rendered by the services' image beside it. */
export const nginxImage: ImageRecipe = {
  name: 'nginx',
  about: 'NGINX, which serves a configuration that it is given',
  needs: [nginxProgram, busyboxProgram],
  build: async (work) => {
    const installed = installedFolder(nginxProgram);
    const root = await emptyRoot(path.join(work, 'nginx'));
    await putSystem(root);
    await putShell(root, path.join(installedFolder(busyboxProgram), 'busybox'));
    await putProgram(root, path.join(installed, 'nginx'), 'usr/sbin/nginx', debianEnvironment(installed)['LD_LIBRARY_PATH']);
    await mkdir(path.join(root, 'var/lib/nginx'), { recursive: true });
    return { layers: [root], config: { Entrypoint: ['/usr/sbin/nginx'], User: appUser, Env: ['PATH=/usr/sbin:/bin'] } };
  },
};
