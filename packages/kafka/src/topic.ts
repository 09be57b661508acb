import { type Topic } from '@switchboard/contracts/topics';
import { type TopicSpec } from './admin.js';

export interface TopicLayout {
  readonly partitions: number;
  /** How many brokers keep each partition; 3 wherever there are three. */
  readonly replication: number;
}

/** How a topic of the contracts is laid out in an installation: what it keeps, and that it loses nothing it has said. */
export function topicSpec(
  topic: Pick<Topic<unknown>, 'name' | 'retentionMs'> & Partial<Pick<Topic<unknown>, 'cleanup' | 'largestRecordBytes'>>,
  { partitions, replication }: TopicLayout,
): TopicSpec {
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
