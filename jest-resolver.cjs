const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

// Takes `.js` off the relative imports of our own sources only: libraries have files named `x.json.js`.
module.exports = (request, options) => {
  const source = resolve(options.basedir, request.replace(/\.js$/, '.ts'));
  const ours = /^\.{1,2}\/.*\.js$/.test(request) && !options.basedir.includes('/node_modules/');
  return ours && existsSync(source) ? source : options.defaultResolver(request, options);
};
