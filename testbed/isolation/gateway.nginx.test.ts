import { isolationSuite } from './suite.ts';
import { openGatewayTarget } from './target.ts';

isolationSuite(openGatewayTarget);
