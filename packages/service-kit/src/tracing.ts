import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  context,
  propagation,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** W3C trace context, as it travels in Kafka headers, gRPC metadata and HTTP. */
export type TraceParent = string;

export interface SpanAbout {
  /** Continues a trace that came by a header; without it the span belongs to what is under way, or begins a trace. */
  readonly parent?: TraceParent | undefined;
  readonly kind?: keyof typeof kinds;
  readonly attributes?: Attributes;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** A collector that is away costs a stop no more than this. */
const FLUSH_MS = 3_000;

const tracer = () => trace.getTracer('switchboard');
const passedOn = new AsyncLocalStorage<TraceParent>();
let isCollecting = false;

/** True when spans go somewhere. Settled before the parts of a service are built; where it is false, make none. */
export const isTracing = (): boolean => isCollecting;

/**
 * Loads the tracing SDK only where traces go somewhere; without an address everything below costs next to nothing.
 * What it is not told here (headers, sampler, resource, sizes of batches) the SDK reads from the `OTEL_*` environment.
 * Resolves with a function that sends what is left, within three seconds.
 */
export async function startTracing(
  service: string,
  instance: string,
  tracesUrl: string | undefined,
): Promise<() => Promise<void>> {
  if (tracesUrl === undefined) return () => Promise.resolve();
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const resource = resources
    .resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance })
    // What the environment says is last: it wins.
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl, timeoutMillis: FLUSH_MS }))],
  });
  provider.register();
  isCollecting = true;
  return async () => {
    isCollecting = false;
    await withinMs(FLUSH_MS, provider.shutdown());
  };
}

/** Runs work inside a span; a throw marks it as failed, with the name of the error and not what it says. */
export function withSpan<T>(name: string, about: SpanAbout, work: () => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, optionsOf(about), contextOf(about.parent), async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Begins a span that is active nowhere, for work on many things at once; the answer ends it, failed with a word why. */
export function beginSpan(name: string, about: SpanAbout): (failure?: string) => void {
  const span = tracer().startSpan(name, optionsOf(about), contextOf(about.parent));
  return (failure) => {
    if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    span.end();
  };
}

/**
 * Runs work in the trace that came by a header: in a span where traces are collected; elsewhere what the work says
 * carries the header on, and no span is made.
 */
export function inTrace<T>(name: string, about: SpanAbout, work: () => Promise<T>): Promise<T> {
  if (isCollecting) return withSpan(name, about, work);
  return about.parent === undefined ? work() : passedOn.run(about.parent, work);
}

/** The trace that is under way, as a header; undefined when there is none. */
export function traceParent(): TraceParent | undefined {
  if (!isCollecting) return passedOn.getStore();
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

const shape = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A trace context from outside; undefined when it is none. */
export const readTraceParent = (header: unknown): TraceParent | undefined =>
  typeof header === 'string' && shape.test(header) ? header : undefined;

const contextOf = (parent: TraceParent | undefined) =>
  parent === undefined ? context.active() : propagation.extract(context.active(), { traceparent: parent });

const optionsOf = ({ kind, attributes }: SpanAbout): SpanOptions => ({
  kind: kind ? kinds[kind] : SpanKind.INTERNAL,
  ...(attributes && { attributes }),
});

async function withinMs(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
