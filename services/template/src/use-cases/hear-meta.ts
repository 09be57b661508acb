import { type CategoryAnnounced, type CategoryTold, type QualityTold, type StatusTold } from '../domain/inputs.js';
import { type Clock, type TemplateIdOf, type Templates } from './ports.js';

type Told = StatusTold | QualityTold | CategoryAnnounced | CategoryTold;
type WithoutTimes<T> = T extends Told ? Omit<T, 'at' | 'metaTemplateId'> : never;

/** What Meta told of a template. */
export interface News {
  readonly wabaId: string;
  readonly metaTemplateId: string;
  readonly name: string;
  readonly language: string;
  /** Null where Meta says only that something is different. */
  readonly told: WithoutTimes<Told> | null;
}

export type HearMeta = ReturnType<typeof createHearMeta>;

/**
 * Takes over what Meta tells of a template (TP-2). Of one that is not known under this id, or whose words have changed,
 * Meta is asked: it was made or changed there, or is being handed over at this moment.
 */
export function createHearMeta(deps: {
  templates: Pick<Templates, 'command'>;
  idOf: TemplateIdOf;
  lookSoon: (wabaId: string, name: string, language: string) => void;
  now: Clock;
}) {
  const { templates, idOf, lookSoon, now } = deps;

  return async function hearMeta({
    wabaId,
    metaTemplateId,
    name,
    language,
    told,
  }: News): Promise<'heard' | 'looked-up'> {
    if (told) {
      const id = idOf(wabaId, name, language);
      const { template } = await templates.command(id, { ...told, at: now(), metaTemplateId });
      if (template.metaTemplateId === metaTemplateId) return 'heard';
    }
    lookSoon(wabaId, name, language);
    return 'looked-up';
  };
}
