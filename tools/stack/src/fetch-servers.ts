// Sees to it that MongoDB and Kafka can be had on this machine, without starting any: ends with 1 when they cannot.
import { fetchServers } from './infrastructure.js';

try {
  await fetchServers((line) => {
    console.error(line);
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
