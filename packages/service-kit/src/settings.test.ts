import { bySchema, invalidSettings, readCommonSettings, readSettings } from './index.js';

describe('the common settings', () => {
  it('have defaults for everything, also for what is empty', () => {
    expect(readCommonSettings({ INSTANCE: 'pod-1', LOG_LEVEL: '', ADMIN_PORT: '' })).toEqual({
      adminPort: 9464,
      shutdownMs: 25_000,
      instance: 'pod-1',
      logLevel: 'info',
      tracesUrl: undefined,
    });
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, 'http://c:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, 'http://c:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/in' }, 'http://t/in'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
  ])('say where traces go as OpenTelemetry does: %j', (env, url) => {
    expect(readCommonSettings(env).tracesUrl).toBe(url);
  });

  it('are refused with all problems at once', () => {
    const env = { ADMIN_PORT: '65536', SHUTDOWN_MS: '1.5', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' };

    for (const name of Object.keys(env)) expect(() => readCommonSettings(env)).toThrow(name);
  });
});

describe('groups of settings', () => {
  it('are read together, without what is empty', () => {
    const read = readSettings(
      { A: '1', B: ' ' },
      { one: ({ A }) => A, all: (env: NodeJS.ProcessEnv) => Object.keys(env) },
    );

    expect(read).toEqual({ one: '1', all: ['A'] });
  });

  it('tell what is wrong in any of them, a line each', () => {
    const fails =
      (...problems: string[]) =>
      (): never => {
        throw invalidSettings(problems);
      };
    const nested = () => readSettings({}, { c: fails('c is wrong') });

    const read = () => readSettings({}, { a: fails('a is wrong', 'so is b'), nested, d: () => 'fine' });

    expect(read).toThrow('invalid configuration\na is wrong\nso is b\nc is wrong');
  });

  it('name what a schema does not find, and what it does not take, without its value', () => {
    const issues = [
      { path: ['SECRET'], message: 'must have 32 characters or more' },
      { path: ['PEER'], message: 'expected string, received undefined' },
    ];
    const read = bySchema({ safeParse: () => ({ success: false as const, error: { issues } }) });

    expect(() => read({ SECRET: 'short' })).toThrow(
      'invalid configuration\nSECRET: must have 32 characters or more\nPEER is missing',
    );
  });
});
