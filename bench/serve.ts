import { placeOf, untilReady } from '@switchboard/testing';

/** Runs a service in this process as it is deployed, and tells where once it is ready. */
export async function serve(
  service: 'billing' | 'egress' | 'routing' | 'timer',
  where: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [brokers = '', mongoUrl = '', database = ''] = where;
  const place = await placeOf(`${service}-0`, { brokers, mongoUrl, database });
  Object.assign(process.env, place.env, settings);
  // It resolves when the service has stopped.
  void import(`@switchboard/${service}/main`);
  await untilReady(place);
  console.log(JSON.stringify(place.ports));
}
