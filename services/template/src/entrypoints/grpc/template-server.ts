import {
  type TemplateServiceServer,
  TemplateServiceService,
  type UploadExampleRequest,
} from '@switchboard/contracts/template/v1/template_service';
import { invalid } from '@switchboard/errors';
import { type Call, clientStream, type ServedService, unary } from '@switchboard/grpc';
import { type Component } from '../../domain/render/parameters.js';
import { contentFromProto } from '../../proto/content.js';
import {
  categoryFromProto,
  categoryToProto,
  statusFromProto,
  templateToProto,
  versionToProto,
} from '../../proto/template.js';
import { type ReadTemplates } from '../../use-cases/read-templates.js';
import { type RenderMessage } from '../../use-cases/render-message.js';
import { type Caller } from '../../use-cases/requests.js';
import { type ReconcileAccount } from '../../use-cases/reconcile-account.js';
import { type SubmitTemplate } from '../../use-cases/submit-template.js';
import { type UploadExample } from '../../use-cases/upload-example.js';
import { type WithdrawTemplates } from '../../use-cases/withdraw-templates.js';
import { type WriteTemplates } from '../../use-cases/write-templates.js';
import { messageFromProto } from './parameters.js';

const callerOf = ({ caller }: Call): Caller => ({
  subject: caller.subject,
  organisationId: caller.organisationId ?? null,
});

/** Templates through their whole life. */
export function templateServer(useCases: {
  readonly write: WriteTemplates;
  readonly submit: SubmitTemplate;
  readonly withdraw: WithdrawTemplates;
  readonly read: ReadTemplates;
  readonly rendering: RenderMessage;
  readonly uploadExample: UploadExample;
  readonly reconcile: ReconcileAccount;
  /** As Meta takes them: JSON. */
  readonly toJson: (components: readonly Component[]) => string;
}): ServedService {
  const { write, submit, withdraw, read, rendering, uploadExample, reconcile, toJson } = useCases;
  const implementation: TemplateServiceServer = {
    create: unary(async ({ category, content, ...request }, call) => {
      const draft = { ...request, category: categoryFromProto(category), content: contentFromProto(content) };
      return { template: templateToProto(await write.create(callerOf(call), draft)) };
    }),
    edit: unary(async ({ category, content, ...request }, call) => {
      const edit = { ...request, category: categoryFromProto(category), content: contentFromProto(content) };
      return { template: templateToProto(await write.edit(callerOf(call), edit)) };
    }),
    duplicate: unary(async (request, call) => ({
      template: templateToProto(await write.duplicate(callerOf(call), request)),
    })),
    submit: unary(async ({ templateId }, call) => ({
      template: templateToProto(await submit(callerOf(call), templateId)),
    })),
    delete: unary(async (request, call) => ({
      templates: (await withdraw.remove(callerOf(call), request)).map(templateToProto),
    })),
    unpause: unary(async ({ templateId }, call) => ({
      template: templateToProto(await withdraw.unpause(callerOf(call), templateId)),
    })),
    get: unary(async (request, call) => ({ template: templateToProto(await read.get(callerOf(call), request)) })),
    list: unary(async ({ statuses, category, ...request }, call) => {
      const wanted = statuses.map(statusFromProto);
      const filter = {
        ...request,
        statuses: wanted.filter((status) => status !== undefined),
        category: categoryFromProto(category) ?? null,
      };
      const unknown = wanted.indexOf(undefined);
      if (unknown !== -1) {
        const description = 'must be states of templates; leave out what is none';
        throw invalid('template.invalid-request', [{ field: `statuses[${unknown}]`, description }]);
      }
      const { templates, nextPageToken } = await read.list(callerOf(call), filter);
      return { templates: templates.map(templateToProto), nextPageToken };
    }),
    listVersions: unary(async (request, call) => {
      const { versions, nextPageToken } = await read.listVersions(callerOf(call), request);
      return { versions: versions.map(versionToProto), nextPageToken };
    }),
    diff: unary(async (request, call) => ({ changes: await read.diff(callerOf(call), request) })),
    check: unary(({ name, language, category, content }) => {
      const draft = { name, language, category: categoryFromProto(category), content: contentFromProto(content) };
      return Promise.resolve({ problems: rendering.check(draft) });
    }),
    render: unary(async (request, call) => {
      const { version, category, rendered, components } = await rendering.render(
        callerOf(call),
        messageFromProto(request),
      );
      return {
        ...rendered,
        buttons: [...rendered.buttons],
        version,
        category: categoryToProto(category),
        componentsJson: toJson(components),
      };
    }),
    checkParameters: unary((request, call) => rendering.checkParameters(callerOf(call), messageFromProto(request))),
    uploadExample: clientStream(async (requests, call) => {
      const pieces = requests[Symbol.asyncIterator]();
      const first = (await pieces.next()) as IteratorResult<UploadExampleRequest, undefined>;
      if (first.value?.piece?.$case !== 'about') throw expected('the first piece is not `about`');
      const { sizeBytes, ...about } = first.value.piece.value;
      const file = { ...about, sizeBytes: Number(sizeBytes) };
      return { handle: await uploadExample(callerOf(call), file, bytesOf(pieces)) };
    }),
    reconcile: unary(({ wabaId }, call) => reconcile(callerOf(call), wabaId)),
  };
  return { definition: TemplateServiceService, implementation, scopes };
}

const [reads, writes] = ['template.templates:read', 'template.templates:write'];
const scopes = {
  create: writes,
  edit: writes,
  duplicate: writes,
  submit: writes,
  delete: writes,
  unpause: writes,
  get: reads,
  list: reads,
  listVersions: reads,
  diff: reads,
  check: reads,
  render: reads,
  checkParameters: reads,
  uploadExample: writes,
  reconcile: writes,
};

async function* bytesOf(pieces: AsyncIterator<UploadExampleRequest>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = (await pieces.next()) as IteratorResult<UploadExampleRequest, undefined>;
    if (done === true) return;
    if (value.piece?.$case !== 'bytes') throw expected('a later piece is not `bytes`');
    yield value.piece.value;
  }
}

const expected = (what: string) =>
  invalid('template.pieces', [
    { field: 'piece', description: `must be about first and then bytes: ${what}; send them in this order` },
  ]);
