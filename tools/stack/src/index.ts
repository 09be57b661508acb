export { provideInfrastructure } from './infrastructure.js';
export type { Infrastructure, InfrastructureOptions, MongoServer, Server } from './servers.js';
export type { Say } from './log.js';
export { demoNumber, type PlannedProcess, type Secrets, type ServiceName } from './plan.js';
export { type RunningStack, type StackOptions, startStack } from './stack.js';
export { readStackFile, type StackFile } from './stack-file.js';
export { clientsOf, createDemo, demo, demoToken, type StackClients } from './demo.js';
