import path from 'node:path';
import { installedFolder } from '../../components/install/cache.ts';
import { busyboxProgram, minioProgram } from '../../components/programs.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putProgram, putShell, putSystem } from '../root-folder.ts';

/** MinIO, one static program; AGPL-3.0, run as a server of its own. */
export const minioImage: ImageRecipe = {
  name: 'minio',
  about: 'MinIO',
  needs: [minioProgram, busyboxProgram],
  build: async (work) => {
    const root = await emptyRoot(path.join(work, 'minio'));
    await putSystem(root);
    await putShell(root, path.join(installedFolder(busyboxProgram), 'busybox'));
    await putProgram(root, path.join(installedFolder(minioProgram), 'minio'), 'usr/bin/minio');
    return { layers: [root], config: { Entrypoint: ['/usr/bin/minio'], User: appUser, Env: ['PATH=/usr/bin:/bin', 'HOME=/tmp'] } };
  },
};
