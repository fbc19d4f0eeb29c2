import { eventBusConformance } from '../conformance.ts';
import { openTestBus } from '../testing/kafka-world.ts';

eventBusConformance('Kafka bus', openTestBus);
