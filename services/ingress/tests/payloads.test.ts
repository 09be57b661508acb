import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { kinds, type Read } from '../src/domain/events.js';
import { files, json, payloads, plain, readBody, root } from './support/bodies.js';

describe('RX-5 every kind of webhook', () => {
  const names = [...files(payloads), ...files(join(payloads, 'bsuid'))].map((path) => relative(payloads, path));

  it.each(names)('%s comes out field by field as it should', (name) => {
    expect(readBody(json(join(payloads, name)))?.map(plain)).toEqual(json(join(payloads, 'expected', name)));
  });

  it.each(names)('%s keeps each item raw, as it stood in the body', (name) => {
    const body = json(join(payloads, name));

    for (const each of readBody(body) ?? []) expect(holds(body, rawOf(each))).toBe(true);
  });

  it('has an expectation for every body, and a body for every expectation', () => {
    const namesIn = (folder: string): string[] => files(folder).map((path) => basename(path));

    expect(namesIn(join(payloads, 'expected'))).toEqual(namesIn(payloads));
    expect(namesIn(join(payloads, 'expected/bsuid'))).toEqual(namesIn(join(payloads, 'bsuid')));
  });
});

const peers = process.env['PEER_SAMPLES'] ?? join(root, '../shared/spec/samples/peers');
const index = join(peers, 'index.csv');

/** Where we find more than the index counts, and why. */
const more: Readonly<Record<string, string>> = {
  'webhooks/dogalyir-whatsapp-cloud-api-types/should-reject-invalid-field-value-payload-2.json':
    'a template’s value in the field of messages is passed on as the template change it is',
  'webhooks/md-riaz-chatwoot/will-not-throw-error.json':
    'an envelope whose entries are no list and hold no change is kept whole, in quarantine',
};

(existsSync(index) ? describe : describe.skip)('RX-2 the bodies other projects test with, read in place', () => {
  const rows = existsSync(index)
    ? readFileSync(index, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('"webhooks/'))
        .map((line) => line.slice(1, -1).split('","'))
        .map(([file = '', , , , , , events = '', detail = '']) => ({ file, events: Number(events), detail }))
    : [];

  it('are there', () => {
    expect(rows.length).toBeGreaterThan(100);
  });

  it.each(rows)('$file: every one of its $events events comes out, and no other', ({ file, events, detail }) => {
    const read = readBody(parsed(join(peers, file)));
    // What is no envelope is quarantined whole.
    const found = read?.length ?? 1;

    expect(found).toBe(file in more ? events + 1 : events);
    const kindOf = (each: Read): string =>
      each.topic === 'messages' && each.event.kind === kinds.call ? 'statuses' : each.topic;
    for (const [named, topic] of [
      ['message', 'messages'],
      ['status', 'statuses'],
    ] as const) {
      const there = (read ?? []).filter((each) => [topic, 'quarantine'].includes(kindOf(each)));
      expect(there.length).toBeGreaterThanOrEqual(counted(detail, named));
    }
  });

  it.each(rows)('$file: what of it is malformed says why, and keeps its bytes', ({ file }) => {
    for (const each of readBody(parsed(join(peers, file))) ?? []) {
      expect(each.event.raw.length).toBeGreaterThan(0);
      if (each.topic !== 'quarantine') continue;
      expect(each.event.code).toMatch(/^ingress\.[a-z-]+$/);
      expect(each.event.reason).not.toBe('');
    }
  });
});

/** How many events of a kind the index names: `message:text=1 status:read=2`. */
const counted = (detail: string, kind: string): number =>
  [...detail.matchAll(/(\w+):\S+?=(\d+)/g)]
    .filter(([, each]) => each === kind)
    .reduce((sum, [, , count]) => sum + Number(count), 0);

const rawOf = ({ event }: Read): unknown => JSON.parse(event.raw.toString()) as unknown;

function holds(body: unknown, part: unknown): boolean {
  if (isDeepStrictEqual(body, part)) return true;
  return typeof body === 'object' && body !== null && Object.values(body).some((each) => holds(each, part));
}

function parsed(path: string): unknown {
  try {
    return json(path);
  } catch {
    return undefined;
  }
}
