import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReflectionService } from '@grpc/reflection';
import type { Server } from '@grpc/grpc-js';

/**
 * Server reflection from the descriptors that the contracts package carries. The raw files are handed over as they are:
 * descriptors that went through a loader come back with changed type names, and clients can list but not call.
 */
export function addReflection(server: Server, services: readonly string[]): void {
  const path = createRequire(import.meta.url).resolve('@switchboard/contracts/descriptors.binpb');
  const fileDescriptorProtos = filesOf(readFileSync(path));
  const definition = { all: { fileDescriptorProtos } } as unknown as ConstructorParameters<typeof ReflectionService>[0];
  new ReflectionService(definition, { services: [...services] }).addToServer(server);
}

/** The files of a `FileDescriptorSet`: its field 1, repeated. */
function filesOf(set: Buffer): Buffer[] {
  const files: Buffer[] = [];
  for (let at = 0; at < set.length;) {
    if (set[at] !== 0x0a) throw new Error('the descriptors are not a FileDescriptorSet');
    let [length, shift] = [0, 0];
    for (at += 1; ; at += 1) {
      const byte = set[at] ?? 0;
      length |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    at += 1;
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}
