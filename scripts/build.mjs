// Generated contracts and compiled packages; what is there and up to date is left alone.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './bootstrap.mjs';

const generated = join(root, 'packages/contracts/gen');
const stamp = join(generated, '.protos');

/** True when everything is built. Takes seconds the first time and one when nothing has changed. */
export function build() {
  return generate() && run('tsc', ['-b', 'tsconfig.build.json']);
}

/** TypeScript and descriptors from `proto/`, when a proto has changed. */
export function generate() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  const done = run('buf', ['generate']) && run('buf', ['build', '-o', 'packages/contracts/gen/descriptors.binpb']);
  if (done) writeFileSync(stamp, wanted);
  return done;
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['buf.gen.yaml', 'buf.yaml', ...protos('proto'), ...protos('third_party/proto')]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function protos(folder) {
  return readdirSync(join(root, folder))
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(join(root, path)).isDirectory() ? protos(path) : path.endsWith('.proto') ? [path] : [],
    )
    .sort();
}
