import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** W3C trace context, as it travels in Kafka headers and HTTP. */
export type TraceParent = string;

const tracer = () => trace.getTracer('switchboard');

/**
 * Loads the tracing SDK only where traces go somewhere; without an endpoint everything below costs next to nothing.
 * Resolves with a function that sends what is left.
 */
export async function startTracing(service: string, otlpEndpoint: string | undefined): Promise<() => Promise<void>> {
  if (!otlpEndpoint) return () => Promise.resolve();
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return () => provider.shutdown();
}

/** Runs work inside a span; a throw marks it as failed. `parent` continues a trace that came by a header. */
export function withSpan<T>(
  name: string,
  options: { parent?: TraceParent; kind?: 'server' | 'client' | 'producer' | 'consumer' },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const from = options.parent
    ? propagation.extract(context.active(), { traceparent: options.parent })
    : context.active();
  const kind = options.kind ? kinds[options.kind] : SpanKind.INTERNAL;
  return tracer().startActiveSpan(name, { kind }, from, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The active span as a header; undefined when nothing is traced. */
export function traceParent(): TraceParent | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;
