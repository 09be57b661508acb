import { Failure } from '@switchboard/errors';
import { Readable } from 'node:stream';
import { recordIn } from './errors.js';

type Json = Readonly<Record<string, unknown>>;

/** A template as Meta shows it; every field may be missing. */
export type TemplateFields = Json;

export interface TemplatePage {
  readonly templates: readonly TemplateFields[];
  /** Where the next page begins; undefined on the last one. */
  readonly after: string | undefined;
}

/** A file that shows what the header of a template may be. */
export interface ExampleFile {
  /** Read once; its bytes are sent as they come. */
  readonly content: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number;
  readonly mimeType: string;
  readonly filename: string;
}

/** Calls for templates. All throw a `Failure`; none is repeated by itself. */
export interface TemplateCalls {
  /** `POST /{waba-id}/message_templates`: Meta takes it for review, and tells its id, status and category. */
  readonly createTemplate: (
    wabaId: string,
    token: string,
    template: Json,
  ) => Promise<{ readonly id: string; readonly status: string; readonly category: string }>;
  /** `POST /{template-id}`: what is given is replaced whole, and reviewed again. */
  readonly editTemplate: (templateId: string, token: string, changes: Json) => Promise<void>;
  /** `DELETE /{waba-id}/message_templates`: all languages of a name, or the one that is named by its id. */
  readonly deleteTemplate: (wabaId: string, token: string, name: string, templateId?: string) => Promise<void>;
  /** `POST /{template-id}/unpause`: ends a pause for pace. */
  readonly unpauseTemplate: (templateId: string, token: string) => Promise<void>;
  /** One page of `GET /{waba-id}/message_templates`. Meta finds names that hold the given one. */
  readonly listTemplates: (
    wabaId: string,
    token: string,
    query: {
      readonly fields: readonly string[];
      readonly limit: number;
      readonly after?: string | undefined;
      readonly name?: string | undefined;
      readonly language?: string | undefined;
    },
  ) => Promise<TemplatePage>;
  /** `POST /{app-id}/uploads`, then the bytes: the handle of an example. What `content` throws is thrown. */
  readonly uploadExample: (appId: string, token: string, file: ExampleFile) => Promise<string>;
}

/** One call that answers with JSON. */
export type GraphCall = (
  path: string,
  token: string,
  init: {
    readonly method: 'GET' | 'POST' | 'DELETE';
    readonly body?: string | Readable;
    readonly headers?: Readonly<Record<string, string>>;
    /** Whole milliseconds more than usual, for bodies that take them. */
    readonly extraMs?: number;
  },
) => Promise<Record<string, unknown>>;

/** 64 kB/s. */
const SLOWEST_BYTES_PER_MS = 64;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function templateCalls(call: GraphCall): TemplateCalls {
  const post = (path: string, token: string, body: Json) =>
    call(path, token, { method: 'POST', body: JSON.stringify(body) });
  const ofAccount = (wabaId: string): string => `${encodeURIComponent(wabaId)}/message_templates`;

  return {
    async createTemplate(wabaId, token, template) {
      const { id, status, category } = await post(ofAccount(wabaId), token, template);
      if (text(id) === '') throw incomplete('a template without an id');
      return { id: text(id), status: text(status), category: text(category) };
    },
    async editTemplate(templateId, token, changes) {
      await post(encodeURIComponent(templateId), token, changes);
    },
    async deleteTemplate(wabaId, token, name, templateId) {
      const query = new URLSearchParams({ name, ...(templateId !== undefined && { hsm_id: templateId }) });
      await call(`${ofAccount(wabaId)}?${query.toString()}`, token, { method: 'DELETE' });
    },
    async unpauseTemplate(templateId, token) {
      await post(`${encodeURIComponent(templateId)}/unpause`, token, {});
    },
    async listTemplates(wabaId, token, { fields, limit, ...narrowed }) {
      const query = new URLSearchParams({ fields: fields.join(','), limit: String(limit) });
      for (const [name, value] of Object.entries(narrowed)) if (value !== undefined) query.set(name, value);
      const page = await call(`${ofAccount(wabaId)}?${query.toString()}`, token, { method: 'GET' });
      const paging = recordIn(page, 'paging');
      const after = text(recordIn(paging, 'cursors')?.['after']);
      const isLast = paging?.['next'] === undefined || after === '' || after === narrowed.after;
      return {
        templates: Array.isArray(page['data']) ? (page['data'] as TemplateFields[]) : [],
        after: isLast ? undefined : after,
      };
    },
    async uploadExample(appId, token, { content, sizeBytes, mimeType, filename }) {
      const about = new URLSearchParams({
        file_name: filename,
        file_length: String(sizeBytes),
        file_type: mimeType,
      });
      const begun = await call(`${encodeURIComponent(appId)}/uploads?${about.toString()}`, token, { method: 'POST' });
      const session = text(begun['id']);
      // It is part of the next address as it is, with what Meta signs it with.
      if (!session.startsWith('upload:')) throw incomplete('an upload without an id');
      const ended = await call(session, token, {
        method: 'POST',
        body: Readable.from(content, { objectMode: false }),
        headers: {
          authorization: `OAuth ${token}`,
          file_offset: '0',
          'content-type': 'application/octet-stream',
          'content-length': String(sizeBytes),
        },
        extraMs: Math.ceil(sizeBytes / SLOWEST_BYTES_PER_MS),
      });
      if (text(ended['h']) === '') throw incomplete('an upload without a handle');
      return text(ended['h']);
    },
  };
}

const incomplete = (what: string): Failure =>
  new Failure('unavailable', 'meta.answer-incomplete', `Meta answered with ${what}`);
