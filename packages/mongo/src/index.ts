export { connectMongo, type MongoComponent, type MongoLogger, type MongoOptions } from './connect.js';
export { duplicateIndexes, isDuplicate, translated, translateMongoError } from './errors.js';
export { ensureIndexes, type IndexSpec } from './indexes.js';
export { type MongoSettings, readMongoSettings } from './settings.js';
