import type { Engine } from '../engine.js';
import { noSuchObject, Refused } from '../errors.js';
import { isJson, type Json } from '../json.js';
import type { Callback } from '../webhooks/callback.js';
import { mustBeWaba } from './accounts.js';

const app = {
  id: '100000000000001',
  name: 'Simulated app',
  link: 'https://www.facebook.com/games/?app_id=100000000000001',
};

/** `GET /{waba-id}/subscribed_apps`. */
export function listSubscriptions(engine: Engine, wabaId: string): Json {
  mustBeWaba(engine, wabaId, 'GET');
  const url = engine.addresses.override(wabaId)?.callback.url;
  if (!engine.world.subscribed.has(wabaId)) return { data: [] };
  return { data: [{ whatsapp_business_api_data: app, ...(url !== undefined && { override_callback_uri: url }) }] };
}

/** `POST /{waba-id}/subscribed_apps`: with an address the WABA's webhooks go there, without one to the app's. */
export async function subscribe(engine: Engine, wabaId: string, body: unknown): Promise<Json> {
  mustBeWaba(engine, wabaId, 'GET');
  await override(engine, wabaId, body);
  engine.world.subscribed.add(wabaId);
  engine.changed();
  return { success: true };
}

/** `DELETE /{waba-id}/subscribed_apps`: no webhooks any more. */
export function unsubscribe(engine: Engine, wabaId: string): Json {
  mustBeWaba(engine, wabaId, 'GET');
  engine.world.subscribed.delete(wabaId);
  engine.changed();
  return { success: true };
}

/** `POST /{phone-number-id}` with `webhook_configuration`. */
export async function setNumberAddress(engine: Engine, phoneNumberId: string, body: unknown): Promise<Json> {
  if (!engine.world.number(phoneNumberId)) throw noSuchObject('POST', phoneNumberId);
  const configuration = isJson(body) ? body['webhook_configuration'] : undefined;
  if (!isJson(configuration)) {
    throw new Refused(100, { message: '(#100) The parameter webhook_configuration is required.' });
  }
  await override(engine, phoneNumberId, configuration);
  engine.changed();
  return { success: true };
}

async function override(engine: Engine, id: string, body: unknown): Promise<void> {
  const { override_callback_uri: url = '', verify_token: token = '' } = isJson(body) ? body : {};
  if (typeof url !== 'string' || typeof token !== 'string' || url.length > 200 || (url !== '' && !URL.canParse(url))) {
    throw new Refused(100, { message: '(#100) Param override_callback_uri must be a valid URL.' });
  }
  const callback: Callback | undefined =
    url === ''
      ? undefined
      : { url, app_secret: engine.addresses.app()?.callback.app_secret ?? '', verify_token: token };
  if (!(await engine.addresses.setOverride(id, callback))) {
    throw new Refused(100, {
      message: '(#2200) Callback verification failed. The callback URL did not answer with the challenge.',
      subcode: 2200,
    });
  }
}
