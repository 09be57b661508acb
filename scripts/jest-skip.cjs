/** For suites on real servers: where there are none, every test counts as skipped and no hook runs. */
if (process.env.SWITCHBOARD_NO_SERVERS) {
  const skipping = (block) => Object.assign(block.skip, { skip: block.skip, only: block.skip });
  global.describe = skipping(global.describe);
  global.it = global.test = skipping(global.it);
  for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']) global[hook] = () => undefined;
}
