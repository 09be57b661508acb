const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { noServers } = require('./jest-no-servers.cjs');

/**
 * A MongoDB and a Kafka for each worker of a run, whoever provides them; given ones are there once. They end with this
 * process, however it ends.
 */
module.exports = async ({ maxWorkers }) => {
  const areGiven = process.env.MONGO_URL && process.env.KAFKA_BROKERS;
  globalThis.sharedServers = [];
  // The first one fetches what the others need too.
  const first = await start();
  if (!first) return noServers();
  const others = await Promise.all(Array.from({ length: areGiven ? 0 : maxWorkers - 1 }, start));
  if (others.includes(undefined)) return noServers();
  process.env.SWITCHBOARD_SERVERS = JSON.stringify([first, ...others]);
  if (first.jars) process.env.KAFKA_LIBS ??= first.jars;
  if (first.java) process.env.KAFKA_JAVA ??= first.java;
};

/** Where they are; undefined when they could not be started. */
async function start() {
  const script = join(__dirname, '../tools/stack/dist/shared-servers.js');
  const servers = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', script], {
    // In a group of its own: at Ctrl-C it is the closed pipe that ends it, in order.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  globalThis.sharedServers.push(servers);
  const [line] = await Promise.race([once(createInterface({ input: servers.stdout }), 'line'), once(servers, 'exit')]);
  for (const held of [servers, servers.stdin, servers.stdout]) held.unref();
  return typeof line === 'string' ? JSON.parse(line) : undefined;
}
