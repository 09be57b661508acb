import { join } from 'node:path';
import { type Figure, interleaved, median, startSubject, type Subject } from '../harness.ts';
import { SERVER_CORE, withInfrastructure } from '../infrastructure.ts';

// Short rounds and many: what else runs on the machine then meets all subjects alike.
const ROUNDS = 9;
const SECONDS = 2;
const subjectScript = join(import.meta.dirname, 'subject.ts');
const loadScript = join(import.meta.dirname, 'load.ts');

/** I1, I3, I4: subjects on core 0; load, and Kafka where there is one, on the other. */
export async function ingressFigures(): Promise<Figure[]> {
  const plain = await compare(['route', 'bare'], 64);
  const durable = await withInfrastructure(({ brokers }) =>
    compare(['route-durable', 'bare-durable', 'naive'], 256, brokers.join(',')),
  );
  return [
    ...figures('I1', 'webhook route to `node:http`', [plain('route'), plain('bare')], [0.8, 0.95]),
    ...figures(
      'I3',
      'with durable publish to `node:http` + same batcher',
      [durable('route-durable'), durable('bare-durable')],
      [0.8, 0.95],
    ),
    ...figures(
      'I4',
      'with durable publish to `express.json` + `producer.send` each',
      [durable('route-durable'), durable('naive')],
      [3, 6],
    ),
  ];
}

/**
 * Each twice: webhooks per second, which is the figure where the subject has its core to itself, and webhooks per second
 * of CPU it used, which is the same figure where it has not.
 */
function figures(id: string, what: string, [us, them]: [Pace, Pace], [floor, goal]: [number, number]): Figure[] {
  const perSecond = `${us.perSecond.toFixed(0)} to ${them.perSecond.toFixed(0)}/s; core ${percent(us.busy)} to ${percent(them.busy)} busy`;
  const perCpu = `${us.cpuMicros.toFixed(0)} to ${them.cpuMicros.toFixed(0)} µs each`;
  const common = { id, unit: '×', floor, goal } as const;
  return [
    { ...common, what, value: us.perSecond / them.perSecond, detail: perSecond },
    { ...common, what: `${what}, per CPU second`, value: them.cpuMicros / us.cpuMicros, detail: perCpu },
  ];
}

interface Pace {
  readonly perSecond: number;
  /** Of the subject, per request. */
  readonly cpuMicros: number;
  /** Share of its core the subject used. */
  readonly busy: number;
}

type Measured = (variant: string) => Pace;

async function compare(variants: readonly string[], connections: number, brokers = ''): Promise<Measured> {
  const subjects = new Map<string, Subject>();
  const paces = new Map<string, Pace[]>(variants.map((variant) => [variant, []]));
  try {
    for (const variant of variants) subjects.set(variant, await startSubject(subjectScript, [variant, brokers]));
    const runs = [...subjects].map(([variant, subject]) => [
      variant,
      async () => {
        const pace = await load(subject, connections);
        paces.get(variant)?.push(pace);
        return pace.perSecond;
      },
    ]);
    const medians = await interleaved(ROUNDS, Object.fromEntries(runs) as Record<string, () => Promise<number>>);
    return (variant) => {
      const counted = paces.get(variant)?.slice(1) ?? [];
      return {
        perSecond: medians[variant] ?? NaN,
        cpuMicros: median(counted.map(({ cpuMicros }) => cpuMicros)),
        busy: median(counted.map(({ busy }) => busy)),
      };
    };
  } finally {
    for (const subject of subjects.values()) await subject.stop();
  }
}

async function load({ hello, cpuMs }: Subject, connections: number): Promise<Pace> {
  const before = cpuMs();
  const generator = await startSubject(
    loadScript,
    [String(hello['port']), String(connections), String(SECONDS)],
    SERVER_CORE,
  );
  const cpu = cpuMs() - before;
  await generator.stop();
  const { answered, failed, seconds } = generator.hello as { answered: number; failed: number; seconds: number };
  if (failed > 0) throw new Error(`${failed} of ${answered + failed} webhooks were not answered 200`);
  return { perSecond: answered / seconds, cpuMicros: (cpu * 1000) / answered, busy: cpu / (seconds * 1000) };
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
