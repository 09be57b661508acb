/** Suites that need servers are skipped where none can be had; where everything must pass, that is a failure. */
module.exports.noServers = () => {
  if (process.env.SWITCHBOARD_GATE) throw new Error('no MongoDB and Kafka for these suites; see above');
  console.error('skipped: every suite that needs MongoDB or Kafka, for neither can be had; see above');
  process.env.SWITCHBOARD_NO_SERVERS = 'yes';
  process.env.MONGO_URL = 'mongodb://127.0.0.1:9/';
  process.env.KAFKA_BROKERS = '127.0.0.1:9';
};
