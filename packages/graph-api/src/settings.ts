import { bySchema } from '@switchboard/service-kit';
import { z } from 'zod';

export interface GraphSettings {
  readonly baseUrl: string;
  /** Of the Graph API, like `v25.0`. */
  readonly version: string;
  /** The longest a call may take. */
  readonly timeoutMs: number;
}

/**
 * Reads `GRAPH_URL` (Meta's), `GRAPH_VERSION` (v25.0, which Meta serves until 29 July 2028; source: Meta, *Graph API
 * changelog*) and `GRAPH_TIMEOUT_MS` (15000; 100 to 120000). Throws with all problems at once.
 */
export const readGraphSettings: (env: NodeJS.ProcessEnv) => GraphSettings = bySchema(
  z
    .object({
      GRAPH_URL: z.url({ protocol: /^https?$/ }).default('https://graph.facebook.com'),
      GRAPH_VERSION: z
        .string()
        .regex(/^v\d+\.\d+$/, 'must look like v25.0')
        .default('v25.0'),
      GRAPH_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(15_000),
    })
    .transform(({ GRAPH_URL: baseUrl, GRAPH_VERSION: version, GRAPH_TIMEOUT_MS: timeoutMs }) => ({
      baseUrl,
      version,
      timeoutMs,
    })),
);
