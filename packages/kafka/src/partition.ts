/**
 * Which partition Kafka's default partitioner gives a key: murmur2, as every client of the family has it. A message that
 * comes by gRPC must be kept under the partition of its number, and no record tells that one.
 */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fff_ffff) % partitions;
}

const M = 0x5bd1_e995;
const SEED = 0x9747_b28c;

function murmur2(data: Buffer): number {
  let hash = SEED ^ data.length;
  const whole = data.length & ~3;
  for (let index = 0; index < whole; index += 4) {
    let part = Math.imul(data.readInt32LE(index), M);
    part ^= part >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(part, M);
  }
  for (let index = data.length - 1; index >= whole; index -= 1) hash ^= (data[index] ?? 0) << (8 * (index - whole));
  if (data.length > whole) hash = Math.imul(hash, M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}
