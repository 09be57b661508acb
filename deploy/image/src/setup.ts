import { setAsideTopic, topics } from '@switchboard/contracts/topics';
import { connectKafka, ensureTopics, readKafkaSettings, topicSpec } from '@switchboard/kafka';

/**
 * Creates topics that are missing and checks the rest; safe to run twice at once. It never deletes and never adds
 * partitions to a keyed topic: a difference ends it with an error. Indexes are made by each service at its own start.
 */
export async function setUp(): Promise<void> {
  const settings = readKafkaSettings(process.env);
  const say = (facts: object, message: string): void => {
    process.stdout.write(`${JSON.stringify({ message, ...facts })}\n`);
  };
  const logger = { debug: () => undefined, info: say, warn: say, error: say };
  const kafka = connectKafka({ ...settings, clientId: 'setup', logger });
  const specs = [
    ...topics.map((topic) => topicSpec(topic, settings.layout)),
    ...['routing', 'egress', 'timer', 'billing', 'template'].map((service) =>
      topicSpec(setAsideTopic(service), settings.layout),
    ),
  ];
  await ensureTopics(kafka, specs);
  say({ topics: specs.map(({ name }) => name), ...settings.layout }, 'topics are there');
}
