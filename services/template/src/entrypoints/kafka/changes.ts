import { type ChangeReceived } from '@switchboard/contracts/ingress/v1/events';
import { whatsappChanges } from '@switchboard/contracts/topics';
import { done, handle, type Handler, setAside, skip } from '@switchboard/kafka';
import { type Category } from '../../domain/content.js';
import { type Quality } from '../../domain/template.js';
import { type HearMeta, type News } from '../../use-cases/hear-meta.js';

/** What Meta tells of templates; what it tells of numbers and accounts is for others. */
export const onChange = (hearMeta: HearMeta): Handler =>
  handle(whatsappChanges, async (change) => {
    if (change.detail?.$case !== 'template') return skip('it is not about a template');
    const news = readChange(change, change.detail.value);
    if (typeof news === 'string') return setAside(news);
    return (await hearMeta(news)) === 'heard' ? done : skip('not known under this id: Meta is asked');
  });

type Detail = Extract<NonNullable<ChangeReceived['detail']>, { $case: 'template' }>['value'];

const categories: Readonly<Record<string, Category>> = {
  MARKETING: 'marketing',
  UTILITY: 'utility',
  AUTHENTICATION: 'authentication',
};
const qualities: Readonly<Record<string, Quality>> = {
  GREEN: 'green',
  YELLOW: 'yellow',
  RED: 'red',
  UNKNOWN: 'unknown',
};
const DAY_MS = 86_400_000;

/** Told apart by their keys: Meta's own samples name the wrong field. A sentence for what cannot be read. */
export function readChange({ wabaId, event, occurredAt, source, raw }: ChangeReceived, detail: Detail): News | string {
  const { templateId: metaTemplateId, name, language } = detail;
  if (wabaId === '' || metaTemplateId === '' || name === '' || language === '')
    return 'it does not name account, id, name and language of its template';
  const toldAt = occurredAt ?? source?.receivedAt ?? new Date(0);
  const about = { wabaId, metaTemplateId, name, language };
  const category = categories[detail.category];
  if (event !== '') {
    const { reason, title } = detail;
    const recommendation = recommendationIn(raw);
    const told = {
      kind: 'status-told',
      toldAt,
      event,
      reason,
      title,
      recommendation,
      category: category ?? null,
    } as const;
    return { ...about, told };
  }
  if (detail.quality !== '') {
    const quality = qualities[detail.quality];
    return quality ? { ...about, told: { kind: 'quality-told', toldAt, quality } } : unknown('quality', detail.quality);
  }
  if (detail.correctCategory !== '') {
    const announced = categories[detail.correctCategory];
    const from = timeIn(raw) ?? new Date(toldAt.getTime() + DAY_MS);
    return announced
      ? { ...about, told: { kind: 'category-announced', toldAt, category: announced, from } }
      : unknown('category', detail.correctCategory);
  }
  if (detail.previousCategory !== '') {
    return category
      ? { ...about, told: { kind: 'category-told', toldAt, category } }
      : unknown('category', detail.category);
  }
  return { ...about, told: null };
}

const unknown = (what: string, word: string): string => `it tells of a ${what} that is not known: ${word}`;

/** What the contract has no field for, from what Meta sent. */
function rawOf(raw: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(raw).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function recommendationIn(raw: Uint8Array): string {
  const { rejection_info: info } = rawOf(raw);
  const { recommendation } = typeof info === 'object' && info !== null ? (info as { recommendation?: unknown }) : {};
  return typeof recommendation === 'string' ? recommendation : '';
}

function timeIn(raw: Uint8Array): Date | undefined {
  const { category_update_timestamp: seconds } = rawOf(raw);
  const at = Number(seconds) * 1_000;
  return at > 0 && at < 8.64e15 ? new Date(at) : undefined;
}
