import { isTransient } from '@switchboard/errors';
import { type FoundTemplate } from '../domain/template.js';
import { type Clock, type Observer } from './ports.js';
import { type TemplateDirectory, type Templates } from './template-ports.js';

export type FindTemplate = ReturnType<typeof createFindTemplate>;

/** What was found holds so long: many messages of one template come together. */
const HOLDS_MS = 1_000;
const MOST_KEPT = 1_000;

/** Looks for a template in what was told, then at template itself, where there is one: it may know what was not told yet. */
export function createFindTemplate(deps: {
  templates: Templates;
  directory: TemplateDirectory | undefined;
  clock: Clock;
  observer: Observer;
}) {
  const { templates, directory, clock, observer } = deps;
  const kept = new Map<string, { readonly until: number; readonly found: Promise<FoundTemplate> }>();

  async function look(waba: string, name: string, language: string): Promise<FoundTemplate> {
    const found = await templates.find(waba, name, language);
    if (found.kind === 'found' || !directory) return found;
    const template = await directory.get(waba, name, language);
    if (!template) return found.kind === 'unchecked' ? { kind: 'unknown', languages: [] } : found;
    await templates.note([template]);
    return { kind: 'found', template };
  }

  function lookOnce(waba: string, name: string, language: string): Promise<FoundTemplate> {
    const key = JSON.stringify([waba, name, language]);
    const now = clock.monotonicMs();
    const known = kept.get(key);
    if (known && now < known.until) return known.found;
    if (kept.size >= MOST_KEPT) kept.clear();
    const entry = { until: now + HOLDS_MS, found: look(waba, name, language) };
    kept.set(key, entry);
    entry.found.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.found;
  }

  /**
   * While template is away, what it has not told is unchecked where somebody cannot wait for it: Meta has the last word
   * then. Others are told `unavailable`.
   */
  return async function findTemplate(
    waba: string,
    { name, language }: { readonly name: string; readonly language: string },
    whenAway: 'throw' | 'unchecked',
  ): Promise<FoundTemplate> {
    try {
      return await lookOnce(waba, name, language);
    } catch (error) {
      if (whenAway === 'throw' || !directory || !isTransient(error)) throw error;
      observer.warn({ waba, name, error }, 'a template goes unchecked: template is away and has not told of it');
      return { kind: 'unchecked' };
    }
  };
}
