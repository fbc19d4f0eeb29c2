export { parseCloudEvent, type CloudEvent } from './cloud-event.ts';
export { createFolderDeadLetters, createMemoryDeadLetters, type DeadLetterStore } from './dead-letter-store.ts';
export {
  BusUnavailable,
  type DeadLetter,
  type Delivery,
  type EventBus,
  type Handler,
  type ReplayOutcome,
  type SubscribeOptions,
  type Subscription,
} from './event-bus.ts';
export type { Hint, HintBus, HintSubscription } from './hint-bus.ts';
export { tryKafka } from './kafka/try-kafka.ts';
export { createKafkaClient, type KafkaLogin, type KafkaOptions } from './kafka/kafka-client.ts';
export { createKafkaBus, type KafkaBusOptions } from './kafka/kafka-bus.ts';
export { applyTopics, type TopicOutcome } from './kafka/apply-topics.ts';
export { requestReplay } from './kafka/request-replay.ts';
export { rewindGroup, type RewindOptions } from './kafka/rewind-group.ts';
export { topics, topicsBelow, type Topic } from './kafka/topics.ts';
export { markLetters, replayMarked, type ReplayMarkedOptions } from './marked-letters.ts';
export { createMemoryBus, type MemoryBusOptions } from './memory-bus.ts';
export { createMemoryHintBus } from './memory-hint-bus.ts';
export { joinLater, type JoinLaterOptions } from './join-later.ts';
export { createRedisHintBus, type RedisHintBusOptions } from './redis/redis-hint-bus.ts';
