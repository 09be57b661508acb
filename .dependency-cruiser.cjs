const layer = (name) => `^services/([^/]+)/src/${name}/`;
const inTests = '\\.test\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'The domain knows no technology: itself, errors and a short list of pure libraries.',
      severity: 'error',
      from: { path: layer('domain'), pathNot: inTests },
      to: {
        pathNot: ['^services/$1/src/domain/', '^packages/errors/', '/(libphonenumber-js|temporal-polyfill|file-type)/'],
      },
    },
    {
      name: 'use-cases-see-only-the-domain',
      comment: 'Use cases know the domain, their ports, and the port Aggregates (types only).',
      severity: 'error',
      from: { path: layer('use-cases'), pathNot: inTests },
      to: { pathNot: ['^services/$1/src/(domain|use-cases)/', '^packages/(errors|aggregates)/'] },
    },
    {
      name: 'entrypoints-not-to-adapters',
      severity: 'error',
      from: { path: layer('entrypoints') },
      to: { path: '^services/$1/src/adapters/' },
    },
    {
      name: 'adapters-not-to-entrypoints',
      severity: 'error',
      from: { path: layer('adapters') },
      to: { path: '^services/$1/src/entrypoints/' },
    },
    {
      name: 'services-are-strangers',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    { name: 'packages-know-no-service', severity: 'error', from: { path: '^packages/' }, to: { path: '^services/' } },
    {
      name: 'kafkajs-stays-home',
      severity: 'error',
      from: { path: '^(services|packages)/', pathNot: ['^packages/(kafka|testing)/', '/tests/'] },
      to: { path: '/kafkajs/' },
    },
    {
      name: 'mongoose-in-adapters',
      severity: 'error',
      from: { path: '^services/', pathNot: ['/src/adapters/mongo/', '/src/service\\.ts$', '/tests/'] },
      to: { path: '/mongoose/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true, // type-only imports count too
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', 'packages/contracts/gen/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
