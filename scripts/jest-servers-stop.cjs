const { once } = require('node:events');

/** Ends what `jest-servers.cjs` started, and nothing else. */
module.exports = async () => {
  const servers = globalThis.sharedServers;
  if (!servers || servers.exitCode !== null) return;
  servers.ref();
  const ended = once(servers, 'exit');
  servers.stdin.end();
  await ended;
};
