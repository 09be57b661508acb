import { TemplateServiceService } from '@switchboard/contracts/template/v1/template_service';
import { grpcClient, type GrpcClientOptions } from '@switchboard/grpc';
import { type MongoComponent } from '@switchboard/mongo';
import { createTemplateDirectory } from './adapters/grpc/template-directory.js';
import { createPreferences } from './adapters/mongo/preferences.js';
import { createTemplates, templatesIndexes } from './adapters/mongo/templates.js';
import { createWindows, windowsIndexes } from './adapters/mongo/windows.js';
import { type PortfolioOf } from './domain/preferences.js';

export const gateIndexes = [...templatesIndexes, ...windowsIndexes];

/** What the gate asks: windows, preferences, templates, and template itself where one is installed. */
export function createGateParts(
  connection: MongoComponent['connection'],
  of: { address: string; token: GrpcClientOptions['token']; portfolioOf: PortfolioOf; now: () => Date },
) {
  const { address, token, portfolioOf, now } = of;
  const template = address === '' ? undefined : grpcClient(TemplateServiceService, address, { token });
  return {
    ports: {
      windows: createWindows(connection),
      preferences: createPreferences(connection, now, portfolioOf),
      templates: createTemplates(connection),
      directory: template && createTemplateDirectory(template),
    },
    close: () => template?.close(),
  };
}
