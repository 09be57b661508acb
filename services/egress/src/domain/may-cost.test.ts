import { mayCost } from './may-cost.js';

const text = { kind: 'text', text: 'hello', previewUrl: false } as const;
const template = { kind: 'template', name: 'x', language: 'en', components: [] } as const;

it.each([
  ['TX-4 a template, before service messages cost', template, '2026-09-30T23:59:59Z', true],
  ['TX-4 a template, since', template, '2026-10-01T00:00:00Z', true],
  ['TX-4 a text, before service messages cost', text, '2026-09-30T23:59:59Z', false],
  ['TX-4 a text, since', text, '2026-10-01T00:00:00Z', true],
  ['TX-4 a text, in times of which nothing is known', text, '2025-06-30T00:00:00Z', true],
])('%s', (_what, content, at, costs) => {
  expect(mayCost(content, new Date(at))).toBe(costs);
});
