import { type Topic } from '@switchboard/contracts/topics';
import { type Component, part } from '@switchboard/service-kit';
import { ensureTopics, type TopicSpec } from './admin.js';
import { type KafkaClient } from './client.js';

export interface TopicLayout {
  readonly partitions: number;
  /** How many brokers keep each partition; 3 wherever there are three. */
  readonly replication: number;
}

/** What a topic of the contracts says of its layout. */
export type LaidOutTopic = Pick<Topic<unknown>, 'name' | 'retentionMs'> &
  Partial<Pick<Topic<unknown>, 'cleanup' | 'largestRecordBytes'>>;

/** How a topic of the contracts is laid out in an installation: what it keeps, and that it loses nothing it has said. */
export function topicSpec(topic: LaidOutTopic, { partitions, replication }: TopicLayout): TopicSpec {
  const cleanup = topic.cleanup ?? 'delete';
  return {
    name: topic.name,
    partitions,
    replication,
    config: {
      'cleanup.policy': cleanup,
      ...(cleanup === 'delete' && { 'retention.ms': String(topic.retentionMs) }),
      'unclean.leader.election.enable': 'false',
      'min.insync.replicas': replication >= 3 ? '2' : '1',
      ...(topic.largestRecordBytes !== undefined && { 'max.message.bytes': String(topic.largestRecordBytes) }),
    },
  };
}

/** The part of a service that makes the topics it needs, where they are not there yet. Waits for Kafka; a stop ends that. */
export function topicsPart(kafka: KafkaClient, topics: readonly LaidOutTopic[], layout: TopicLayout): Component {
  const stopping = new AbortController();
  const specs = topics.map((topic) => topicSpec(topic, layout));
  return part('topics', {
    start: () => ensureTopics(kafka, specs, { signal: stopping.signal }),
    stop: () => {
      stopping.abort();
    },
  });
}
