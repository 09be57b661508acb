import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSimulator, demoNumber } from '../src/index.js';
import { ANA, APP_SECRET } from './support/world.js';

const run = promisify(execFile);
const why = missing();
if (why) console.warn(`skipped: pywa against the simulator, because ${why}`);
const ifThere = why ? describe.skip : describe;

ifThere('pywa, a Cloud API client from PyPI', () => {
  it('talks with a customer when nothing but its base URL is changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pywa-'));
    const simulator = createSimulator();
    const { url } = await simulator.start();
    try {
      await run('python3', ['-m', 'venv', folder]);
      const python = join(folder, 'bin', 'python');
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'pywa==4.5.0']);
      const script = join(import.meta.dirname, 'support', 'pywa_client.py');
      const { phone_number_id, waba_id } = demoNumber;

      const { stdout } = await run(python, [script, url, phone_number_id, waba_id, ANA, APP_SECRET]);

      expect(JSON.parse(stdout)).toEqual({
        webhook: true,
        closed: 131047,
        texts: ['Olá 👋'],
        statuses: expect.arrayContaining(['sent', 'delivered', 'read'].map((status) => [status, 'tracked'])) as unknown,
        refused: 0,
        number: demoNumber.display_phone_number,
        numbers: [phone_number_id],
        image: expect.stringMatching(/^wamid\./) as unknown,
      });
    } finally {
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 180_000);
});

/** The reason why this cannot be tried here, if there is one. */
function missing(): string | undefined {
  const pip = spawnSync('python3', ['-m', 'pip', '--version']);
  if (pip.status !== 0) return 'there is no pip';
  const venv = spawnSync('python3', ['-c', 'import ensurepip, venv']);
  return venv.status === 0 ? undefined : 'Python cannot make virtual environments';
}
