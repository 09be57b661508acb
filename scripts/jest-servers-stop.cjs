const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

/** Ends what `jest-servers.cjs` started, and nothing else. */
module.exports = () => {
  const pid = globalThis.sharedServersPid;
  if (pid) spawnSync(process.execPath, [join(__dirname, '../tools/stack/dist/shared-servers.js'), 'stop', String(pid)]);
};
