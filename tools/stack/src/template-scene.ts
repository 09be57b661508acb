import { TemplateCategory, TemplateContent, TemplateStatus } from '@switchboard/contracts/template/v1/template';
import { OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { demo, type StackClients } from './demo.js';
import type { Say } from './log.js';
import { pause } from './process.js';

const customer = { phone: '+4915112345678', userId: '' };
const text = 'Hello {{1}}, your table is booked for {{2}}. We look forward to you.';

/** A template is written, reviewed by Meta, rendered and sent to somebody who never wrote. Returns the message's id. Safe to repeat. */
export async function playTemplateScene(
  { templates, messages }: StackClients,
  simulatorUrl: string,
  say: Say,
): Promise<string> {
  const { organisationId, wabaId, phoneNumberId } = demo;
  const name = `table_booked_${Date.now()}`;
  await decide(simulatorUrl, name);
  const examples = [
    { placeholder: '1', value: 'Ana' },
    { placeholder: '2', value: '7 pm' },
  ];
  const body = { text: { text: `${text} Ref. ${name.slice(-6)}.`, examples } };
  const { template: draft } = await templates.create({
    ...{ organisationId, wabaId, name, language: 'en_US' },
    category: TemplateCategory.TEMPLATE_CATEGORY_UTILITY,
    content: { ...TemplateContent.decode(new Uint8Array()), body },
  });
  const templateId = draft?.templateId ?? '';
  await templates.submit({ templateId });
  say(`template   ${name} is handed to Meta`);
  await until('the template is approved', async () => {
    const { template } = await templates.get({ templateId });
    return template?.status === TemplateStatus.TEMPLATE_STATUS_APPROVED;
  });

  const parameters = ['Marta', '8 pm'].map((value) => ({ name: '', value: { $case: 'text' as const, value } }));
  const message = {
    name,
    language: 'en_US',
    components: [{ kind: 'body', buttonKind: '', buttonIndex: 0, parameters }],
  };
  const rendered = await templates.render({ templateId, message });
  say(`template   approved; it reads: ${rendered.body}`);
  const content = { kind: { $case: 'template' as const, value: message } };
  await until('egress has heard of the template', async () => {
    const { code } = await messages.check({ phoneNumberId, content });
    return code === '';
  });
  const outbound = { ...OutboundMessage.decode(new Uint8Array()), idempotencyKey: name, recipient: customer, content };
  const sent = await messages.send({ phoneNumberId, message: outbound });
  const messageId = sent.message?.messageId ?? '';
  say(`message    ${messageId} with it is accepted`);
  return messageId;
}

/** The simulated review takes a moment, not the usual minute. */
async function decide(simulatorUrl: string, name: string): Promise<void> {
  const response = await fetch(`${simulatorUrl}/control/templates/verdicts/${name}`, {
    method: 'PUT',
    body: JSON.stringify({ verdict: 'approve', after_ms: 500 }),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error(`the scene waited in vain until ${what}; see .switchboard/logs`);
}
