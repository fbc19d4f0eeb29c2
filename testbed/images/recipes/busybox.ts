import path from 'node:path';
import { installedFolder } from '../../components/install/cache.ts';
import { busyboxProgram } from '../../components/programs.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putShell, putSystem } from '../root-folder.ts';

/** A shell with the usual tools, for helpers of the local cluster. */
export const busyboxImage: ImageRecipe = {
  name: 'busybox',
  about: 'a shell with the usual tools',
  needs: [busyboxProgram],
  build: async (work) => {
    const root = await emptyRoot(path.join(work, 'busybox'));
    await putSystem(root);
    await putShell(root, path.join(installedFolder(busyboxProgram), 'busybox'));
    return { layers: [root], config: { Entrypoint: ['/bin/sh'], User: appUser, Env: ['PATH=/bin'] } };
  },
};
