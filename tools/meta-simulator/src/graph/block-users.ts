import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import { isJson, type Json, present } from '../json.js';
import type { Customer } from '../world.js';

const MOST_USERS = 1_000;

/** `GET /{phone-number-id}/block_users`. */
export function listBlocked(engine: Engine, phoneNumberId: string): Json {
  mustBeNumber(engine, phoneNumberId, 'GET');
  const blocked = engine.world.blockedBy(phoneNumberId);
  return {
    data: blocked.map((each) => present({ messaging_product: 'whatsapp', wa_id: each.wa_id, user_id: each.user_id })),
  };
}

/** `POST` and `DELETE /{phone-number-id}/block_users`: each user by itself; only who wrote lately can be blocked. */
export function changeBlocked(engine: Engine, method: 'POST' | 'DELETE', phoneNumberId: string, body: unknown): Json {
  mustBeNumber(engine, phoneNumberId, method);
  const users = isJson(body) ? body['block_users'] : undefined;
  if (!Array.isArray(users) || users.length === 0 || users.length > MOST_USERS) {
    throw new Refused(100, { message: `(#100) The parameter block_users must hold 1 to ${MOST_USERS} users.` });
  }
  const done: Json[] = [];
  const failed: Json[] = [];
  for (const user of users as unknown[]) {
    const given = isJson(user) ? (user['user'] ?? user['user_id']) : undefined;
    const input = typeof given === 'string' ? given : '';
    const customer = engine.world.customer(input.replace(/^\+/, ''));
    const id = present({ input, wa_id: customer?.wa_id, user_id: customer?.user_id });
    if (method === 'DELETE') {
      if (customer) engine.world.unblock(phoneNumberId, customer);
      done.push(id);
    } else if (customer && mayBlock(engine, phoneNumberId, customer)) {
      engine.world.block(phoneNumberId, customer);
      done.push(id);
    } else failed.push({ ...id, errors: [notWritten] });
  }
  engine.changed();
  return {
    messaging_product: 'whatsapp',
    block_users: {
      [method === 'POST' ? 'added_users' : 'removed_users']: done,
      ...(failed.length > 0 && { failed_users: failed }),
    },
    ...(failed.length > 0 && {
      errors: {
        message: 'Failed to block/unblock users',
        code: 139_100,
        error_data: { details: 'Failed to block some users.' },
      },
    }),
  };
}

/** Who is blocked already stays so, however long ago they wrote. */
const mayBlock = (engine: Engine, phoneNumberId: string, customer: Customer): boolean =>
  engine.world.isBlocked(phoneNumberId, customer) ||
  engine.world.windowIsOpen(phoneNumberId, customer, engine.clock.now());

const notWritten = {
  message: 'Re-engagement required',
  code: 131_047,
  error_data: {
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  },
};

function mustBeNumber(engine: Engine, phoneNumberId: string, method: string): void {
  if (!engine.world.number(phoneNumberId)) throw noSuchObject(method, phoneNumberId);
}
