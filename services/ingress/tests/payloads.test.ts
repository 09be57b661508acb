import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { files, json, payloads, plain, readBody, root } from './support.js';

describe('RX-5 every kind of webhook', () => {
  it.each([...files(payloads), ...files(join(payloads, 'bsuid'))].map((path) => [relative(payloads, path)]))(
    '%s comes out field by field as it should',
    (name) => {
      expect(readBody(json(join(payloads, name)))?.map(plain)).toEqual(json(join(payloads, 'expected', name)));
    },
  );

  it('has an expectation for every body, and a body for every expectation', () => {
    const names = (folder: string): string[] => files(folder).map((path) => basename(path));

    expect(names(join(payloads, 'expected'))).toEqual(names(payloads));
    expect(names(join(payloads, 'expected/bsuid'))).toEqual(names(join(payloads, 'bsuid')));
  });
});

const peers = process.env['PEER_SAMPLES'] ?? join(root, '../shared/spec/samples/peers');
const index = join(peers, 'index.csv');

(existsSync(index) ? describe : describe.skip)('RX-2 the bodies other projects test with, read in place', () => {
  const rows = existsSync(index)
    ? readFileSync(index, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('"webhooks/'))
        .map((line) => line.slice(1, -1).split('","'))
    : [];

  it('are there', () => {
    expect(rows.length).toBeGreaterThan(100);
  });

  it.each(rows.map(([file = '', , , , , , events = '']) => [file, Number(events)] as const))(
    '%s: none of its %i events is missing',
    (file, events) => {
      const read = readBody(parsed(join(peers, file)));
      // What is no envelope is quarantined whole.
      const found = read ?? [undefined];

      expect(found.length).toBeGreaterThanOrEqual(events);
      for (const each of read ?? []) {
        if (each.topic !== 'quarantine') continue;
        expect(each.event.code).toMatch(/^ingress\./);
        expect(each.event.reason).not.toBe('');
        expect(each.event.raw.length).toBeGreaterThan(0);
      }
    },
  );
});

function parsed(path: string): unknown {
  try {
    return json(path);
  } catch {
    return undefined;
  }
}
