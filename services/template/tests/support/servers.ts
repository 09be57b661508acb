/** Where the servers of the integration tests are; whoever runs them gives the addresses. */
export const servers = {
  mongoUrl: process.env['MONGO_URL'] ?? '',
  brokers: process.env['KAFKA_BROKERS'] ?? '',
};
