import { bySchema } from '@switchboard/service-kit';
import { z } from 'zod';

export interface HttpSettings {
  /** 0 = a free one. */
  readonly port: number;
}

/** Reads `HTTP_PORT` (8080). Throws when it is none. */
export const readHttpSettings: (env: NodeJS.ProcessEnv) => HttpSettings = bySchema(
  z
    .object({ HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8_080) })
    .transform(({ HTTP_PORT: port }) => ({ port })),
);
