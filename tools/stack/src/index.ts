export {
  type Infrastructure,
  type InfrastructureOptions,
  type MongoServer,
  provideInfrastructure,
  type Server,
} from './infrastructure.js';
export type { Say } from './log.js';
