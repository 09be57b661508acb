import { bySchema } from '@switchboard/service-kit';
import { z } from 'zod';

export interface GrpcSettings {
  /** 0 = a free one. */
  readonly port: number;
  /** The key that signs and checks tokens. */
  readonly jwtSecret: string;
}

/** Reads `GRPC_PORT` (50051) and `JWT_SECRET` (required, 32 characters or more). Throws with all problems at once. */
export const readGrpcSettings: (env: NodeJS.ProcessEnv) => GrpcSettings = bySchema(
  z
    .object({
      GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50_051),
      JWT_SECRET: z.string().min(32, 'must have 32 characters or more'),
    })
    .transform(({ GRPC_PORT: port, JWT_SECRET: jwtSecret }) => ({ port, jwtSecret })),
);
