const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { noServers } = require('./jest-no-servers.cjs');

/** One MongoDB and one Kafka for the suites of a run, whoever provides them. They end with this process, however it ends. */
module.exports = async () => {
  const script = join(__dirname, '../tools/stack/dist/shared-servers.js');
  const servers = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', script], {
    // In a group of its own: at Ctrl-C it is the closed pipe that ends it, in order.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([once(createInterface({ input: servers.stdout }), 'line'), once(servers, 'exit')]);
  if (typeof line !== 'string') return noServers();
  const { mongoUrl, brokers, jars, java } = JSON.parse(line);
  process.env.MONGO_URL = mongoUrl;
  process.env.KAFKA_BROKERS = brokers;
  if (jars) process.env.KAFKA_LIBS ??= jars;
  if (java) process.env.KAFKA_JAVA ??= java;
  for (const held of [servers, servers.stdin, servers.stdout]) held.unref();
  globalThis.sharedServers = servers;
};
