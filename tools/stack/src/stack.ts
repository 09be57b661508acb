import { join } from 'node:path';
import { aheadOf } from './ahead.js';
import { provideInfrastructure } from './infrastructure.js';
import type { Infrastructure } from './servers.js';
import type { Say } from './log.js';
import { demoNumber, newSecrets, planProcesses, type PlanOptions, type PlannedProcess, type Secrets } from './plan.js';
import { createSupervisor, type Supervisor } from './supervisor.js';

export interface StackOptions extends Omit<PlanOptions, 'infrastructure' | 'secrets'> {
  /** Data and logs of this run. */
  readonly directory: string;
  readonly keep?: boolean;
  /** Servers of this run's own, whatever the environment gives. */
  readonly own?: boolean;
  readonly secrets?: Secrets;
  /** Servers that are there already; else they are provided and stopped with the stack. */
  readonly infrastructure?: Infrastructure;
  readonly ports?: { readonly mongo?: number; readonly kafka?: number };
  readonly say: Say;
  readonly onChange?: (stack: RunningStack) => void;
  /** Ends the start; what was started by then is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** Servers, services and the simulator, running. */
export interface RunningStack {
  readonly infrastructure: Infrastructure;
  readonly supervisor: Supervisor;
  readonly secrets: Secrets;
  readonly processes: () => readonly PlannedProcess[];
  readonly urls: () => { readonly webhooks: readonly string[]; readonly files: string; readonly simulator: string };
  /** gRPC addresses of a service, comma separated. */
  readonly grpc: (service: string) => string;
  /** Makes a service run as so many processes. */
  readonly scale: (service: string, count: number) => Promise<void>;
  /** Moves the clocks of all services and of the simulator ahead; they have it within a moment. */
  readonly advance: (ms: number) => Promise<void>;
  /** How far they are ahead, milliseconds. */
  readonly aheadMs: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts everything; if a part does not start, those that run are stopped before the error is thrown. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { directory, say, keep = false, own = false, signal } = options;
  const given = options.infrastructure;
  const infrastructure =
    given ??
    (await provideInfrastructure({
      directory: join(directory, 'data'),
      keep,
      own,
      say,
      signal,
      ...(options.ports && { ports: options.ports }),
    }));
  const secrets = options.secrets ?? newSecrets();
  const ahead = aheadOf(directory);
  const env = { CLOCK_FILE: ahead.file, ...options.env };
  const changed = (): void => {
    options.onChange?.(stack);
  };
  const supervisor = createSupervisor({
    processes: await planProcesses({ ...options, infrastructure, secrets, env }),
    logs: join(directory, 'logs'),
    say,
    onChange: changed,
    signal,
  });
  const stop = async (): Promise<void> => {
    await supervisor.stopAll();
    if (!given) await infrastructure.stop();
  };
  const of = (service: string): PlannedProcess[] => supervisor.planned().filter((each) => each.service === service);

  const stack: RunningStack = {
    infrastructure,
    supervisor,
    secrets,
    processes: supervisor.planned,
    urls: () => ({
      webhooks: of('ingress').map(({ ports }) => `http://127.0.0.1:${ports.http}/webhook`),
      files: of('egress')[0]?.env['FILES_URL'] ?? '',
      simulator: `http://127.0.0.1:${of('meta-simulator')[0]?.ports.http ?? 0}`,
    }),
    grpc: (service) =>
      of(service)
        .map(({ ports }) => `127.0.0.1:${ports.grpc}`)
        .join(','),
    async scale(service, count) {
      const running = of(service);
      const [first] = running;
      if (!first || service === 'meta-simulator') throw new Error(`there is no service "${service}" to scale`);
      for (const { name } of running.slice(Math.max(1, count))) {
        await supervisor.stop(name);
        supervisor.remove(name);
      }
      const plan = await planProcesses({ ...options, infrastructure, secrets, env, instances: { [service]: count } });
      for (const draft of plan.filter((each) => each.service === service).slice(running.length)) {
        // Neighbours were told the addresses there were; the new one serves its partitions and its own callers.
        const settings = { ...first.env, ...pick(draft.env, ['INSTANCE', 'ADMIN_PORT', 'GRPC_PORT', 'HTTP_PORT']) };
        supervisor.add({ ...draft, env: settings });
        await supervisor.start(draft.name);
      }
    },
    aheadMs: ahead.ms,
    async advance(ms) {
      ahead.add(ms);
      await moveSimulator(stack.urls().simulator, ms);
    },
    stop,
  };
  try {
    // All at once: each waits, unready, for what it needs.
    await Promise.all(supervisor.planned().map(({ name }) => supervisor.start(name)));
    if (ahead.ms() > 0) await moveSimulator(stack.urls().simulator, ahead.ms());
  } catch (error) {
    await stop();
    throw error;
  }
  return stack;
}

async function moveSimulator(url: string, ms: number): Promise<void> {
  const answer = await fetch(`${url}/control/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ms }),
  });
  if (!answer.ok) throw new Error(`the simulator did not move its clock: ${await answer.text()}`);
}

const pick = (from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

export { demoNumber };
