import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from '../cache.js';
import { copyDependencies } from './maven.js';

const KAFKA = '4.4.0';
const LOG_BINDING = '2.25.5';

/** The folder of the broker's jars: `KAFKA_LIBS`, or fetched with Maven. */
export async function kafkaJars(): Promise<string> {
  const given = process.env['KAFKA_LIBS'];
  if (given) return given;
  return installed(`kafka-${KAFKA}`, async (folder) => {
    await copyDependencies(folder, POM);
    for (const jar of await readdir(join(folder, 'jars'))) await rename(join(folder, 'jars', jar), join(folder, jar));
  });
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>switchboard</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>${LOG_BINDING}</version></dependency>
  </dependencies>
</project>
`;
