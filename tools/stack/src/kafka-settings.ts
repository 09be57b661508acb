/** Settings of a broker that is its own controller, wherever it runs. */
export const kafkaSettings = (about: {
  readonly port: number;
  readonly controllerPort: number;
  /** Where it listens; empty = everywhere. */
  readonly host: string;
  readonly data: string;
}): Readonly<Record<string, string>> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${about.controllerPort}`,
  listeners: `PLAINTEXT://${about.host}:${about.port},CONTROLLER://${about.host}:${about.controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${about.port}`,
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'log.dirs': about.data,
  'auto.create.topics.enable': 'false',
  'unclean.leader.election.enable': 'false',
  'min.insync.replicas': '1',
  'message.max.bytes': '8388608',
  'replica.fetch.max.bytes': '8388608',
  // There is one broker, so there is one replica; one partition each makes the first group and transaction quick.
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'log.cleaner.dedupe.buffer.size': '16777216',
  // A killed broker may come back once its old registration has expired.
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
});

export const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
