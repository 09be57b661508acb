import { MediaServiceService } from '@switchboard/contracts/egress/v1/media_service';
import { DeliveryState } from '@switchboard/contracts/routing/v1/chat_service';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { grpcClient, signToken } from '@switchboard/grpc';
import { upload } from './files.js';
import { createJourney, type Customer, soon } from './journey.js';
import { createOperators } from './operators.js';
import { type System } from './system.js';

const { DELIVERY_STATE_READ: READ } = DeliveryState;

/** Many files to one customer in a row; how they are paced has journeys of its own. */
export const manyFiles = { PAIR_SECONDS: '0.1' };

export type FileDesk = Awaited<ReturnType<typeof openFileDesk>>;

/** A brand with an operator who sends files, and their client of egress as the console has it. */
export async function openFileDesk(system: System) {
  const journey = createJourney(system);
  const brand = await journey.brandWith({});
  await system.simulator.limits(brand.number, { media_ids: 'strict', throughput: false, pair: false, window: 'off' });
  const olivia = await createOperators(system).hire(brand, { limit: 100 });
  await olivia.come();
  const scope = 'egress.media:read egress.media:write';
  const claims = { subject: olivia.operatorId, scope, organisationId: system.demo.organisationId, ttlSeconds: 3_600 };
  const files = grpcClient(MediaServiceService, system.stack.grpc('egress'), {
    token: await signToken(system.stack.secrets.jwtSecret, claims),
    deadlineMs: 15_000,
  });
  let presses = 0;

  return {
    journey,
    brand,
    olivia,
    files,
    /** Somebody writes, and the operator takes the chat. */
    async chatWith(person: Customer): Promise<string> {
      await system.simulator.write(person, brand.number, 'Hi');
      const { chatId } = await soon(() => journey.chatOf(brand.number, person));
      await soon(() => olivia.chats.accept({ chatId }));
      return chatId;
    },
    say: (chatId: string, content: Content) =>
      olivia.chats.reply({ chatId, idempotencyKey: `file-${(presses += 1)}`, content }),
    async keep(filename: string, bytes: Buffer, more: { kind?: string; brandId?: string } = {}): Promise<string> {
      return (await files.upload(upload({ filename, ...more }, bytes))).file?.fileId ?? '';
    },
    /** What a person was sent, once so many are `read`; a reaction is told as sent and no further. */
    async received(person: Customer, chatId: string, count: number, reached: DeliveryState = READ) {
      await soon(async () => {
        const { messages } = await olivia.chats.listMessages({ chatId });
        const states = messages.filter(({ messageId }) => messageId !== '').map(({ deliveryState }) => deliveryState);
        expect(states).toEqual(Array.from({ length: count }, () => reached));
      });
      return (await system.simulator.sentTo(person)).map(({ content }) => {
        const type = String(content['type']);
        return { ...(content[type] as { id: string; filename?: string; caption?: string }), type };
      });
    },
    async close(): Promise<void> {
      files.close();
      await olivia.leave();
    },
  };
}
