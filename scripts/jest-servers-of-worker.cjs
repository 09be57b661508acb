/** Suites find the servers of their worker where any process finds its own. */
const servers = process.env.SWITCHBOARD_SERVERS;
if (servers) {
  const own = JSON.parse(servers)[Number(process.env.JEST_WORKER_ID) - 1];
  if (!own) throw new Error('the given servers serve one suite at a time; remedy: --runInBand');
  process.env.MONGO_URL = own.mongoUrl;
  process.env.KAFKA_BROKERS = own.brokers;
}
