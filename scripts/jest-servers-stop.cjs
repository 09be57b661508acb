const { once } = require('node:events');

/** Ends what `jest-servers.cjs` started, and nothing else. */
module.exports = () => Promise.all(globalThis.sharedServers.map(stop));

async function stop(servers) {
  if (servers.exitCode !== null) return;
  servers.ref();
  const ended = once(servers, 'exit');
  servers.stdin.end();
  await ended;
}
