import { Histogram, type Registry } from 'prom-client';
import type { GrpcMetrics } from './guard.js';

/** The server's measurements in a registry. Labels: full method name and status. */
export function grpcMetrics(registry: Registry): GrpcMetrics {
  const seconds = new Histogram({
    name: 'grpc_server_seconds',
    help: 'From receiving a call to answering it.',
    labelNames: ['method', 'code'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return {
    answered(method, code, took) {
      seconds.observe({ method, code }, took);
    },
  };
}
