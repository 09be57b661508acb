import { type S3Server, startS3Server } from '@switchboard/testing';
import { type FileDesk, manyFiles, openFileDesk } from './support/file-desk.js';
import { heads, padded, residentBytes, sending, upload } from './support/files.js';
import { soon } from './support/journey.js';
import { startSystem, type System } from './support/system.js';

jest.setTimeout(180_000);

const MB = 1_048_576;

let s3: S3Server | undefined;
afterAll(async () => {
  await s3?.stop();
});

async function s3Settings(): Promise<Record<string, string>> {
  s3 = await startS3Server();
  const { endpoint, bucket, credentials } = s3;
  return {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: credentials.accessKeyId,
    S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

describe.each([
  ['GridFS', () => Promise.resolve({})],
  ['S3', s3Settings],
])('a large document, kept in %s', (_store, settings) => {
  let system: System;
  let desk: FileDesk;

  beforeAll(async () => {
    system = await startSystem({ env: { ...(await settings()), ...manyFiles } });
    desk = await openFileDesk(system);
  }, 300_000);
  afterAll(async () => {
    await (desk as FileDesk | undefined)?.close();
    await (system as System | undefined)?.stop();
  });

  /** By a process that has sent nothing yet: what it needs for the first message and the first file counts. */
  it.each([
    [40, 32],
    [100, 48],
  ])(
    'AT-2: %i MB go through Upload, the store and to Meta while memory grows by less than %i MB',
    async (size, most) => {
      const { brand, files, journey } = desk;
      await system.kill('egress');
      await system.start('egress');
      const rules = [{ kind: 'document', maxBytes: BigInt(size * MB), formats: ['pdf'] }];
      const policy = { organisationId: '', brandId: brand.brandId, policy: { rules } };
      await soon(() => files.putPolicy(policy));
      const person = journey.newPerson();
      const chatId = await desk.chatWith(person);
      const pid = system.stack.supervisor.pid('egress');
      const before = await atRest(pid);
      const samples: number[] = [];
      const sampling = setInterval(() => {
        void residentBytes(pid).then((bytes) => samples.push(bytes));
      }, 20);

      const { file } = await files.upload(upload({ filename: 'large.pdf', brandId: brand.brandId }, pages(size * MB)));
      await soon(() => desk.say(chatId, sending('document', file?.fileId ?? '')));
      const [sent] = await desk.received(person, chatId, 1);
      clearInterval(sampling);

      const atMeta = await system.simulator.fileAt(brand.number, sent?.id ?? '');
      expect(atMeta).toEqual({ sha256: file?.sha256, size: size * MB });
      expect(samples.length).toBeGreaterThan(10);
      expect(Math.max(...samples) - before).toBeLessThan(most * MB);
    },
  );
});

/** What a process has in memory once its start is over: when that has not grown for three seconds. */
async function atRest(pid: number): Promise<number> {
  let most = 0;
  for (let quiet = 0; quiet < 12; quiet += 1) {
    const bytes = await residentBytes(pid);
    if (bytes > most + MB) [most, quiet] = [bytes, 0];
    await new Promise((resume) => setTimeout(resume, 250));
  }
  return residentBytes(pid);
}

/** A document of so many bytes that is never whole in memory here either. */
async function* pages(size: number): AsyncGenerator<Buffer> {
  const page = Buffer.alloc(MB);
  for (let at = 0; at < size; at += MB) yield await Promise.resolve(at === 0 ? padded(heads.pdf, MB) : page);
}
