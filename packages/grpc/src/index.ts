export { type Call, serverStream, unary } from './calls.js';
export { clientStream } from './client-stream.js';
export { type CallOptions, type GrpcClient, grpcClient, type GrpcClientOptions } from './client.js';
export { grpcMetrics } from './metrics.js';
export { type GrpcMetrics, type ServedService } from './guard.js';
export { type GrpcServer, grpcServer, type GrpcServerOptions } from './server.js';
export { type GrpcSettings, readGrpcSettings } from './settings.js';
export { fromStatus, toStatus } from './status.js';
export {
  type Caller,
  covers,
  localTokens,
  serviceTokens,
  signToken,
  type TokenClaims,
  type VerifyToken,
} from './tokens.js';
