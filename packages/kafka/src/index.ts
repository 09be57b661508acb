export { committed, ensureTopics, type PartitionEnds, topicEnds, type TopicSpec } from './admin.js';
export { connectKafka, type KafkaClient, type KafkaSettings } from './client.js';
export { type Logger } from './logger.js';
export { createProducer, type Producer, type ProducerOptions } from './producer.js';
export { type IncomingRecord, type OutgoingRecord } from './record.js';
export { type LaidOutTopic, topicSpec, type TopicLayout, topicsPart } from './topic.js';
export { type ConsumerOptions, createConsumer } from './group/consumer.js';
export { type Chunk, type HandleChunk, type HandleContext, type Handled, type SourceTopic } from './group/types.js';
export { type DeliveryContext, handle, type Handler } from './delivery/handler.js';
export { type Place, placeOf } from './delivery/place.js';
export { done, type Outcome, setAside, skip } from './delivery/outcome.js';
export { defaultPatience, type Patience, settle, type Settled } from './delivery/settle.js';
export {
  eventHandlers,
  type EventHandlersOptions,
  setAsideHeaders,
  setAsideRecord,
} from './delivery/event-handlers.js';
export { type KafkaMetrics } from './metrics.js';
export { createTable, type Table, type TableOptions } from './reader/table.js';
export { createTail, type SubscribeOptions, type Tail, type TailEvent, type TailOptions } from './reader/tail.js';
export { type EncodedEvent, encodedRecord, type EventAbout, eventRecord } from './event-record.js';
export { timerEvent, type TimerOrder } from './timer-event.js';
export { malformedCursor } from './reader/cursor.js';
export { watch, WATCH_RESET, watchProblems, type WatchRequest } from './reader/watch.js';
export { createEnds, type Ends } from './reader/ends.js';
export { createLookback, type Lookback, type LookbackPage, type Placed } from './reader/lookback.js';
export { type KafkaEnvironment, readKafkaSettings } from './settings.js';
export { partitionOf } from './partition.js';
