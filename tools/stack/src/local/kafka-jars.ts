import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answers, execute, firstLine, installed } from '../cache.js';
import { java } from './java.js';

const KAFKA = '4.4.0';
const LOG_BINDING = '2.25.5';

/** The folder of the broker's jars: `KAFKA_LIBS`, or fetched with Maven. */
export async function kafkaJars(): Promise<string> {
  const given = process.env['KAFKA_LIBS'];
  if (given) return given;
  return installed(`kafka-${KAFKA}`, async (folder) => {
    const { home } = await java();
    const env = { ...process.env, ...(home ? { JAVA_HOME: home } : {}) };
    if (!(await answers('mvn', ['--version'], env))) {
      throw new Error(
        'Kafka cannot be fetched: Maven (mvn) is not installed; install it, or set KAFKA_LIBS or KAFKA_BROKERS',
      );
    }
    const pom = join(folder, 'pom.xml');
    await writeFile(pom, POM);
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    const settings = ['-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'jars')}`];
    await execute('mvn', ['-q', '-B', '-f', pom, goal, ...settings], { env }).catch((error: unknown) => {
      throw new Error(`Kafka could not be fetched with Maven: ${firstLine(error)}`);
    });
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
