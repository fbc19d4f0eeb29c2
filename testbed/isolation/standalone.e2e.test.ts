import { isolationSuite } from './suite.ts';
import { openStandaloneTarget } from './target.ts';

isolationSuite(openStandaloneTarget);
