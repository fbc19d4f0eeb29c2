import { eventBusConformance } from '../conformance.ts';
import { openTestBus, testKafka } from '../testing/kafka-world.ts';
import { rewindGroup } from './rewind-group.ts';

eventBusConformance('Kafka bus', openTestBus, (wanted) => rewindGroup(testKafka(), wanted));
