import { Content as ContentProto } from '@switchboard/contracts/whatsapp/v1/content';
import { createGraphClient, type GraphClient } from '@switchboard/graph-api';
import { createSimulator, type Simulator } from '@switchboard/meta-simulator';
import { createCloudApi, toBody } from '../src/adapters/meta/cloud-api.js';
import { contentFromProto, contentToProto } from '../src/content-proto.js';
import { contentProblems, withMedia } from '../src/domain/content.js';
import { type MetaCall } from '../src/use-cases/ports.js';
import { contents } from './support/contents.js';

/** TX-5: every kind on its way from the contracts to Meta. */

let simulator: Simulator;
let graph: GraphClient;
beforeAll(async () => {
  simulator = createSimulator({
    numbers: [{ phone_number_id: '555', waba_id: '1', display_phone_number: '15550140077' }],
    accessTokens: ['valid'],
    limits: { window: 'off', throughput: false, pair: false },
  });
  const { url } = await simulator.start();
  graph = createGraphClient({ baseUrl: url, version: 'v23.0' });
});
afterAll(async () => {
  await graph.close();
  await simulator.stop();
});

const call: Omit<MetaCall, 'content'> = {
  number: '555',
  token: 'valid',
  recipient: { phone: '12025550188', userId: 'US.1' },
  replyTo: '',
  callbackData: '555.1.c:7:1',
};

describe.each(contents)('TX-5 %s', (_what, content, body) => {
  it('is within Meta’s limits', () => {
    expect(contentProblems(content)).toEqual([]);
  });

  it('is the same on the other side of the log', () => {
    const bytes = ContentProto.encode(contentToProto(content) ?? { kind: undefined }).finish();

    expect(contentFromProto(ContentProto.decode(bytes))).toEqual(content);
  });

  it('has the body that Meta documents', () => {
    expect(toBody({ ...call, content })).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+12025550188',
      ...body,
      biz_opaque_callback_data: '555.1.c:7:1',
    });
  });

  it('is taken by the simulator', async () => {
    expect(await createCloudApi(graph).send({ ...call, content })).toMatchObject({ kind: 'accepted' });
  });
});

describe('AT-4 a file of ours', () => {
  it.each(contents)('gets its id at Meta wherever it stands: %s', (_what, content) => {
    const ours = withMedia(content, ({ mediaId, link, ...media }) => ({
      ...media,
      fileId: `of ${mediaId ?? link ?? ''}`,
    }));
    const sent = withMedia(ours, ({ fileId, ...media }) => ({ ...media, mediaId: fileId ?? '' }));

    expect(JSON.stringify(ours)).not.toMatch(/"(mediaId|link)":/);
    expect(contentProblems(ours)).toEqual([]);
    expect(JSON.stringify(toBody({ ...call, content: sent })).match(/"of [^"]*"/g)).toEqual(
      JSON.stringify(ours).match(/"of [^"]*"/g),
    );
  });
});
