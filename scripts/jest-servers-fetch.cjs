const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { noServers } = require('./jest-no-servers.cjs');

/** Journeys start servers of their own and kill them; here is only seen to it that there are some to start. */
module.exports = () => {
  const script = join(__dirname, '../tools/stack/dist/fetch-servers.js');
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) noServers();
};
