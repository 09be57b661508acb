import { Counter, Gauge, type Registry } from 'prom-client';
import { type MediaObserver } from './use-cases/media/ports.js';

/** The metrics of files, as an operator reads them. */
export function mediaMetrics(registry: Registry): Omit<MediaObserver, 'warn'> {
  const registers = [registry];
  const uploads = new Counter({
    name: 'egress_media_uploads_total',
    help: 'Files of operators and services, by result: kept, or why not: too-large, not-allowed, mismatch, empty, infected, unavailable …',
    labelNames: ['result'] as const,
    registers,
  });
  const bytes = new Counter({
    name: 'egress_media_uploaded_bytes_total',
    help: 'Bytes of files of operators and services that were kept.',
    registers,
  });
  const fetches = new Counter({
    name: 'egress_media_fetches_total',
    help: "Tries to fetch customers' files from Meta, by result: ready, postponed (tried again), waits (for a token), unavailable (given up), infected.",
    labelNames: ['result'] as const,
    registers,
  });
  const fetching = new Gauge({
    name: 'egress_media_fetching',
    help: "Customers' files that this process is fetching now.",
    registers,
  });
  const toMeta = new Counter({
    name: 'egress_media_to_meta_total',
    help: 'Files that messages asked Meta’s id of, by result: uploaded, reused, refused, not-sent.',
    labelNames: ['result'] as const,
    registers,
  });
  return {
    uploaded(result, size) {
      uploads.inc({ result });
      bytes.inc(size);
    },
    fetched: (result) => {
      fetches.inc({ result });
    },
    fetching: (count) => {
      fetching.set(count);
    },
    toMeta: (result) => {
      toMeta.inc({ result });
    },
  };
}
