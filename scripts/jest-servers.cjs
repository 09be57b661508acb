const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const script = join(__dirname, '../tools/stack/dist/shared-servers.js');

/** One MongoDB and one Kafka for the suites of a run, unless their addresses are given. */
module.exports = () => {
  if (process.env.MONGO_URL && process.env.KAFKA_BROKERS) return;
  const started = spawnSync(process.execPath, ['--disable-warning=TimeoutNegativeWarning', script, 'start'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (started.status !== 0) throw new Error('no MongoDB and Kafka for these suites; see above');
  const { mongoUrl, brokers, jars, java, pid } = JSON.parse(started.stdout.trim().split('\n').at(-1));
  process.env.MONGO_URL = mongoUrl;
  process.env.KAFKA_BROKERS = brokers;
  if (jars) process.env.KAFKA_LIBS ??= jars;
  if (java) process.env.KAFKA_JAVA ??= java;
  globalThis.sharedServersPid = pid;
};
