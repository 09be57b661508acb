import { createSimulator, demoNumber, manualClock } from '@switchboard/meta-simulator';
import fc from 'fast-check';
import { templateToMeta } from '../src/adapters/meta/to-meta.js';
import { type Button, type Category, type Header, nothingSaid, type TemplateContent } from '../src/domain/content.js';
import { templateProblems } from '../src/domain/grammar/grammar.js';
import { placeholdersIn } from '../src/domain/grammar/placeholders.js';
import { languages } from '../src/domain/languages.js';

/** What the grammar lets pass, the simulator takes as Meta would. */

const simulator = createSimulator({
  clock: manualClock(),
  limits: { template_creates: false, management: false, templates_per_waba: 1_000_000 },
});
let url = '';
const handles: Record<string, string> = {};
const headers = { authorization: 'Bearer token' };
beforeAll(async () => {
  ({ url } = await simulator.start());
  for (const [kind, type] of [
    ['image', 'image/png'],
    ['video', 'video/mp4'],
    ['document', 'application/pdf'],
  ] as const) {
    const begun = await fetch(`${url}/v25.0/9/uploads?file_name=a&file_length=1&file_type=${type}`, {
      method: 'POST',
      headers,
    });
    const { id } = (await begun.json()) as { id: string };
    const ended = await fetch(`${url}/v25.0/${id}`, {
      method: 'POST',
      headers: { ...headers, file_offset: '0' },
      body: 'x',
    });
    handles[kind] = ((await ended.json()) as { h: string }).h;
  }
});
afterAll(() => simulator.stop());

const words = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'Hello',
        'your',
        'order',
        'is',
        'on',
        'its',
        'way,',
        'é',
        '日本',
        '😀',
        '*bold*',
        '\n',
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom('{{1}}', '{{2}}', '{{3}}') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('{{name}}', '{{order_id}}', '{{', '}}', '{{ 1 }}', '{{A}}', '{{{1}}}', '.', '!'),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
  ),
  { maxLength: 24 },
);
const exampled = (parts: readonly string[]) => {
  const text = parts.join(' ');
  return { text, examples: placeholdersIn(text).map((placeholder) => ({ placeholder, value: 'x' })) };
};
const label = fc.oneof(
  fc.constantFrom('', 'Yes', 'Track it', 'x'.repeat(25)),
  fc.string({ maxLength: 27, unit: 'grapheme' }),
);
const address = fc.oneof(
  fc.constantFrom(
    'https://shop.example/{{1}}',
    'https://shop.example',
    'http://a.example/?q={{1}}',
    'https://a/{{1}}/b',
    'https://[',
    'https://a.example:99999',
  ),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);
const header: fc.Arbitrary<Header | null> = fc.oneof(
  fc.constant(null),
  words.map((parts): Header => ({ kind: 'text', ...exampled(parts.slice(0, 5)) })),
  fc
    .constantFrom('image', 'video', 'document')
    .map((media): Header => ({ kind: 'media', media, exampleHandle: media })),
  fc.constant<Header>({ kind: 'location' }),
);
const button: fc.Arbitrary<Button> = fc.oneof(
  label.map((text): Button => ({ kind: 'quick-reply', text })),
  fc.tuple(label, address).map(([text, url]): Button => ({
    kind: 'url',
    text,
    url,
    example: url.endsWith('{{1}}') ? url.replace('{{1}}', '7') : '',
  })),
  fc
    .tuple(label, fc.constantFrom('+12025550143', '49 30 123456', '+1 (202) 555-01-43', 'call me'))
    .map(([text, phoneNumber]): Button => ({ kind: 'phone', text, phoneNumber })),
  fc.tuple(label, label).map(([text, example]): Button => ({ kind: 'copy-code', text, example })),
  label.map((text): Button => ({ kind: 'flow', text, flowId: '1234', action: '', screen: 'START' })),
  label.map((text): Button => ({ kind: 'catalogue', text })),
  label.map((text): Button => ({ kind: 'request-contact-info', text })),
);
const password: fc.Arbitrary<Button> = fc
  .tuple(label, fc.constantFrom('copy_code', 'one_tap', 'zero_tap'), label)
  .map(([text, way, autofillText]): Button => ({
    kind: 'one-time-password',
    text,
    way,
    autofillText,
    apps: way === 'copy_code' ? [] : [{ packageName: 'com.example.shop', signatureHash: 'K8a+AINcGX7' }],
    zeroTapTermsAccepted: true,
  }));
const life = fc.constantFrom(0, 29, 30, 900, 901, 43_200, 2_592_000);
const ordinary = fc
  .record({
    header,
    body: words,
    footer: fc.oneof(fc.constant(''), label),
    buttons: fc.array(button, { maxLength: 4 }),
    sendTtlSeconds: life,
  })
  .map(({ body, ...rest }): TemplateContent => ({ ...nothingSaid, ...rest, body: exampled(body) }));
const authentication = fc
  .record({
    password,
    minutes: fc.integer({ min: 0, max: 95 }),
    securityRecommendation: fc.boolean(),
    sendTtlSeconds: life,
  })
  .map(({ password: only, minutes, securityRecommendation, sendTtlSeconds }): TemplateContent => ({
    ...nothingSaid,
    buttons: [only],
    sendTtlSeconds,
    authentication: { securityRecommendation, codeExpirationMinutes: minutes },
  }));
const template = fc.oneof(
  fc.tuple(fc.constantFrom<Category>('utility', 'marketing'), ordinary),
  fc.tuple(fc.constant<Category>('authentication'), authentication),
);

it('TP-1 whatever the grammar accepts, the simulator accepts', async () => {
  let made = 0;
  let accepted = 0;
  const property = fc.asyncProperty(template, fc.constantFrom(...languages), async ([category, content], language) => {
    const name = `template_${(made += 1)}`;
    if (templateProblems({ name, language, category, content }).length > 0) return;
    accepted += 1;
    const { header } = content;
    const uploaded: TemplateContent =
      header?.kind === 'media'
        ? { ...content, header: { ...header, exampleHandle: handles[header.media] ?? '' } }
        : content;

    const answer = await fetch(`${url}/v25.0/${demoNumber.waba_id}/message_templates`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(templateToMeta({ name, language }, category, uploaded)),
    });

    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'PENDING' })]);
  });

  await fc.assert(property, { numRuns: 3_000, seed: 20_261_126 });

  expect(accepted).toBeGreaterThan(200);
});
