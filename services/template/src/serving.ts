import { componentsToMeta } from './adapters/meta/message-components.js';
import { offsetOf, sleep, templateIdOf } from './adapters/node/machine.js';
import { templateServer } from './entrypoints/grpc/template-server.js';
import { createAccess } from './use-cases/access.js';
import { createHearMeta } from './use-cases/hear-meta.js';
import {
  type Accounts,
  type Clock,
  type Directory,
  type Examples,
  type MetaTemplates,
  type Templates,
  type Warn,
} from './use-cases/ports.js';
import { createReadAccount } from './use-cases/read-account.js';
import { type ArmReading, createReadHourly } from './use-cases/read-hourly.js';
import { createReadTemplates } from './use-cases/read-templates.js';
import { createReconcileAccount } from './use-cases/reconcile-account.js';
import { createRenderMessage } from './use-cases/render-message.js';
import { createSubmitTemplate } from './use-cases/submit-template.js';
import { createTakeOver } from './use-cases/take-over.js';
import { createUploadExample } from './use-cases/upload-example.js';
import { createWithdrawTemplates } from './use-cases/withdraw-templates.js';
import { createWriteTemplates } from './use-cases/write-templates.js';

/** Use cases over their ports: what is served, what hears Meta, and what reads its accounts. */
export function createServing(ports: {
  readonly templates: Templates;
  readonly accounts: Accounts;
  readonly directory: Directory;
  readonly meta: MetaTemplates;
  readonly examples: Examples;
  readonly arm: ArmReading;
  readonly now: Clock;
  /** Between two pages of the hourly reading. */
  readonly pauseMs: number;
  readonly warn: Warn;
}) {
  const { templates, accounts, directory, meta, now } = ports;
  const shared = { ...ports, idOf: templateIdOf, access: createAccess({ templates, accounts, idOf: templateIdOf }) };
  const takeOver = createTakeOver(shared);
  const readAccount = createReadAccount({ ...shared, takeOver, sleep });
  const readHourly = createReadHourly({ ...shared, takeOver, readAccount, offsetMs: offsetOf });
  return {
    readHourly,
    hearMeta: createHearMeta({ ...shared, lookSoon: readHourly.lookSoon }),
    server: templateServer({
      write: createWriteTemplates(shared),
      submit: createSubmitTemplate({ ...shared, directory, meta, now, takeOver }),
      withdraw: createWithdrawTemplates(shared),
      read: createReadTemplates(shared),
      rendering: createRenderMessage(shared),
      uploadExample: createUploadExample(shared),
      reconcile: createReconcileAccount({ ...shared, readAccount }),
      toJson: (components) => JSON.stringify(componentsToMeta(components)),
    }),
  };
}
