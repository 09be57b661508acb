const common = {
  testEnvironment: 'node',
  resolver: '<rootDir>/jest-resolver.cjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs', importInterop: 'swc' },
        sourceMaps: 'inline',
      },
    ],
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.switchboard/'],
};

/** Suites are told apart by suffix; `sim` is the deterministic simulation. */
module.exports = {
  // Nothing here is judged by its time: a machine under load is no failure.
  testTimeout: 30_000,
  // Suites with servers wait more than they work; each worker has some of its own. The others may have all cores.
  maxWorkers: 2,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,tools,deploy,tests,scripts}/**/*.test.ts'],
      testPathIgnorePatterns: [...common.testPathIgnorePatterns, '\\.(int|e2e|sim)\\.test\\.ts$'],
    },
    {
      ...common,
      displayName: 'int',
      testMatch: ['<rootDir>/**/*.int.test.ts'],
      globalSetup: '<rootDir>/scripts/jest-servers.cjs',
      globalTeardown: '<rootDir>/scripts/jest-servers-stop.cjs',
      setupFiles: ['<rootDir>/scripts/jest-servers-of-worker.cjs'],
      setupFilesAfterEnv: ['<rootDir>/scripts/jest-skip.cjs'],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/**/*.e2e.test.ts'],
      globalSetup: '<rootDir>/scripts/jest-servers-fetch.cjs',
      setupFilesAfterEnv: ['<rootDir>/scripts/jest-skip.cjs'],
    },
    { ...common, displayName: 'sim', testMatch: ['<rootDir>/**/*.sim.test.ts'] },
  ],
};
