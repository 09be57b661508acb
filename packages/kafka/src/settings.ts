import { readFileSync } from 'node:fs';
import { type KafkaConfig, type SASLOptions } from 'kafkajs';
import { type TopicLayout } from './topic.js';

export interface KafkaEnvironment {
  readonly brokers: readonly string[];
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions;
  /** How topics are laid out in this installation; partitions are fixed at the first install. */
  readonly layout: TopicLayout;
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * Reads how to reach Kafka: `KAFKA_BROKERS`, `KAFKA_PARTITIONS`, `KAFKA_REPLICATION`, `KAFKA_TLS`, `KAFKA_CA_FILE`,
 * `KAFKA_SASL_MECHANISM`, `KAFKA_SASL_USERNAME`, `KAFKA_SASL_PASSWORD`. Throws with all problems at once.
 */
export function readKafkaSettings(env: NodeJS.ProcessEnv): KafkaEnvironment {
  const problems: string[] = [];
  const whole = (name: string, fallback: number): number => {
    const value = Number(env[name] ?? fallback);
    if (!Number.isInteger(value) || value < 1) problems.push(`${name} must be a whole number of 1 or more`);
    return value;
  };
  const brokers = (env['KAFKA_BROKERS'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (brokers.length === 0) problems.push('KAFKA_BROKERS must name at least one host:port');
  const layout = { partitions: whole('KAFKA_PARTITIONS', 12), replication: whole('KAFKA_REPLICATION', 1) };

  const mechanism = env['KAFKA_SASL_MECHANISM'];
  const [username = '', password = ''] = [env['KAFKA_SASL_USERNAME'], env['KAFKA_SASL_PASSWORD']];
  const known = mechanisms.find((each) => each === mechanism);
  if (mechanism && !known) problems.push(`KAFKA_SASL_MECHANISM must be one of ${mechanisms.join(', ')}`);
  if (mechanism && (username === '' || password === '')) {
    problems.push('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are needed with KAFKA_SASL_MECHANISM');
  }
  if (problems.length > 0) throw new Error(`invalid configuration\n${problems.join('\n')}`);
  const caFile = env['KAFKA_CA_FILE'];
  const tls = caFile ? { ca: [readFileSync(caFile, 'utf8')] } : env['KAFKA_TLS'] === 'true';
  return {
    brokers,
    layout,
    ...(tls !== false && { ssl: tls }),
    ...(known && { sasl: { mechanism: known, username, password } }),
  };
}
