import path from 'node:path';
import type { ImageRecipe } from '../image-recipe.ts';
import { nodeEntrypoint, nodeEnvironment, nodeLayer } from '../node-layer.ts';
import { productionTree, putPackages, putWorkspaces } from '../production-tree.ts';
import { appUser, emptyRoot } from '../root-folder.ts';

/** All services in one image, for they share nearly all that they are made of: which of them runs is the container's argument. */
export const servicesImage: ImageRecipe = {
  name: 'services',
  about: 'auth, metadata, upload, sync, share, notification, verify, migrate, backup: the argument says which',
  needs: [],
  build: async (work) => {
    const tree = await productionTree(
      ['auth', 'metadata', 'upload', 'sync', 'share', 'notification', 'gateway', 'migrate', 'probe', 'backup'].map(
        (name) => `services/${name}`,
      ),
    );
    const packages = await emptyRoot(path.join(work, 'packages'));
    await putPackages(packages, tree);
    const sources = await emptyRoot(path.join(work, 'sources'));
    await putWorkspaces(sources, tree);
    return {
      layers: [await nodeLayer(path.join(work, 'node')), packages, sources],
      config: {
        Entrypoint: nodeEntrypoint,
        User: appUser,
        WorkingDir: '/app',
        Env: ['PATH=/usr/local/bin:/bin', ...nodeEnvironment],
      },
    };
  },
};
