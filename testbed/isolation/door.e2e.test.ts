import { targetHas } from '../src/target/needs.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { isolationSuite } from './suite.ts';
import { openDoorTarget } from './target.ts';

if (targetHas('administrator')) isolationSuite(openDoorTarget);
else testThatNeeds('administrator')('no route finds or tells anything of another tenant', async () => {});
