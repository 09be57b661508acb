import { readGraphSettings } from './settings.js';

it("are Meta's where nothing else is said", () => {
  expect(readGraphSettings({})).toEqual({ baseUrl: 'https://graph.facebook.com', version: 'v25.0', timeoutMs: 15_000 });
  const env = { GRAPH_URL: 'http://127.0.0.1:8080', GRAPH_VERSION: 'v26.0', GRAPH_TIMEOUT_MS: '100' };
  expect(readGraphSettings(env)).toEqual({ baseUrl: env.GRAPH_URL, version: 'v26.0', timeoutMs: 100 });
});

it('are refused with all problems at once', () => {
  const env = { GRAPH_URL: 'ftp://meta', GRAPH_VERSION: '25', GRAPH_TIMEOUT_MS: '99' };

  for (const name of Object.keys(env)) expect(() => readGraphSettings(env)).toThrow(`${name}: `);
});
