import { ChangeReceived } from '@switchboard/contracts/ingress/v1/events';
import { onChange, readChange } from '../src/entrypoints/kafka/changes.js';
import { changeOf } from './support/webhooks.js';

const at = new Date('2026-11-26T10:00:00Z');
const about = { message_template_id: 168, message_template_name: 'order', message_template_language: 'en_US' };
const change = (value: object) =>
  ChangeReceived.decode(changeOf('215', at.getTime() / 1_000, 'any', { ...about, ...value }));
const read = (value: object, of: Partial<ChangeReceived> = {}) => {
  const received = { ...change(value), ...of };
  return readChange(received, received.detail?.$case === 'template' ? received.detail.value : (undefined as never));
};
const named = { wabaId: '215', metaTemplateId: '168', name: 'order', language: 'en_US' };

describe('TP-2 what Meta tells of a template', () => {
  it.each([
    [
      {
        event: 'REJECTED',
        reason: 'SCAM',
        rejection_info: { recommendation: 'Mend it.' },
        message_template_category: 'UTILITY',
      },
      {
        kind: 'status-told',
        event: 'REJECTED',
        reason: 'SCAM',
        recommendation: 'Mend it.',
        title: '',
        category: 'utility',
      },
    ],
    [
      { event: 'PAUSED', other_info: { title: 'FIRST_PAUSE' } },
      { kind: 'status-told', event: 'PAUSED', reason: '', recommendation: '', title: 'FIRST_PAUSE', category: null },
    ],
    [
      { previous_quality_score: 'GREEN', new_quality_score: 'RED' },
      { kind: 'quality-told', quality: 'red' },
    ],
    [
      { new_category: 'UTILITY', correct_category: 'MARKETING', category_update_timestamp: 1_800_000_000 },
      { kind: 'category-announced', category: 'marketing', from: new Date(1_800_000_000_000) },
    ],
    [
      { new_category: 'UTILITY', correct_category: 'MARKETING' },
      { kind: 'category-announced', category: 'marketing', from: new Date(at.getTime() + 86_400_000) },
    ],
    [
      { previous_category: 'UTILITY', new_category: 'MARKETING' },
      { kind: 'category-told', category: 'marketing' },
    ],
  ])('%j is %j', (value, told) => {
    expect(read(value)).toEqual({ ...named, told: { toldAt: at, ...told } });
  });

  it('other words of it are looked at', () => {
    expect(read({ message_template_element: 'Hello' })).toEqual({ ...named, told: null });
  });

  it.each([
    [{ message_template_name: '' }, 'does not name'],
    [{ new_quality_score: 'PURPLE' }, 'quality that is not known: PURPLE'],
    [{ correct_category: 'NEW', new_category: 'UTILITY' }, 'category that is not known: NEW'],
    [{ previous_category: 'UTILITY', new_category: 'NEW' }, 'category that is not known: NEW'],
  ])('%j is set aside: %s', async (value, reason) => {
    const handler = onChange(() => Promise.reject(new Error('it is heard')));
    const bytes = ChangeReceived.encode(change(value)).finish();

    const outcome = await handler.run(bytes, {} as never);

    expect(outcome).toEqual({ kind: 'set-aside', reason: expect.stringContaining(reason) });
  });

  it('what is not of a template is for others', async () => {
    const handler = onChange(() => Promise.reject(new Error('it is heard')));
    const bytes = ChangeReceived.encode({ ...change({}), detail: undefined }).finish();

    expect(await handler.run(bytes, {} as never)).toMatchObject({ kind: 'skipped' });
  });

  it('bytes that are no event, and raw JSON that is none, hurt nobody', async () => {
    const handler = onChange(() => Promise.resolve('heard'));

    await expect(async () => handler.run(Buffer.from('\xff'), {} as never)).rejects.toMatchObject({ kind: 'invalid' });
    expect(read({ event: 'APPROVED' }, { raw: Buffer.from('[') })).toMatchObject({ told: { recommendation: '' } });
  });
});
