export { createTestClock, type TestClock } from './clock.js';
export { eventually } from './eventually.js';
export { freePort, temporaryFolder } from './files.js';
export { createRandom } from './random.js';
export {
  jwtSecret,
  PARTITIONS,
  placeOf,
  servers,
  type ServiceProcess,
  type ServiceProcesses,
  serviceProcesses,
  untilReady,
} from './services.js';
export { type S3Server, startS3Server } from './s3-server.js';
