import { Failure, invalid } from '@switchboard/errors';
import { diff, type FieldChange } from '../domain/diff.js';
import { latestVersion, type Template, type Version, versionOf } from '../domain/template.js';
import { type Access } from './access.js';
import { type Directory, type Filter, type Place, type Templates, type TemplateView } from './ports.js';
import {
  aNamePrefix,
  anOrganisationId,
  aTemplateId,
  aPageSize,
  aWabaId,
  badPageToken,
  type Caller,
  demand,
  orEmpty,
} from './requests.js';

const USUAL_PAGE = 50;
const USUAL_VERSIONS = 20;

export type ReadTemplates = ReturnType<typeof createReadTemplates>;

export function createReadTemplates(deps: {
  templates: Pick<Templates, 'read'>;
  directory: Pick<Directory, 'list'>;
  access: Access;
}) {
  const { templates, directory, access } = deps;

  async function viewsOf(places: readonly Place[]): Promise<TemplateView[]> {
    const found = await Promise.all(places.map(({ templateId }) => templates.read(templateId)));
    return found.flatMap((each) =>
      each ? [{ templateId: each.aggregateId, revision: each.sequence, template: each.state }] : [],
    );
  }

  return {
    get(
      caller: Caller,
      { templateId, wabaId, name, language }: { templateId: string; wabaId: string; name: string; language: string },
    ): Promise<TemplateView> {
      if (templateId !== '') return access.mustSee(caller, templateId);
      demand(aWabaId('waba_id', wabaId));
      return access.mustSeeNamed(caller, wabaId, name, language);
    },

    async list(
      caller: Caller,
      request: Filter & { readonly pageSize: number; readonly pageToken: string },
    ): Promise<{ templates: TemplateView[]; nextPageToken: string }> {
      const organisationId = request.organisationId || (caller.organisationId ?? '');
      const after = request.pageToken === '' ? null : placeIn(request.pageToken);
      demand(
        anOrganisationId('organisation_id', organisationId),
        orEmpty(aWabaId)('waba_id', request.wabaId),
        aNamePrefix('name_prefix', request.namePrefix),
        aPageSize(request.pageSize, 500, USUAL_PAGE),
        after === undefined ? badPageToken : undefined,
      );
      if (caller.organisationId !== null && caller.organisationId !== organisationId) {
        throw new Failure('not-found', 'template.organisation-not-found', 'no such organisation; leave it out');
      }
      const size = request.pageSize || USUAL_PAGE;
      const places = await directory.list({ ...request, organisationId }, after ?? null, size + 1);
      const page = places.slice(0, size);
      const last = page.at(-1);
      return {
        templates: await viewsOf(page),
        nextPageToken: places.length > size && last ? tokenOf(last) : '',
      };
    },

    async listVersions(
      caller: Caller,
      request: { readonly templateId: string; readonly pageSize: number; readonly pageToken: string },
    ): Promise<{ versions: Version[]; nextPageToken: string }> {
      demand(
        aTemplateId('template_id', request.templateId),
        aPageSize(request.pageSize, 100, USUAL_VERSIONS),
        /^\d{0,9}$/.test(request.pageToken) ? undefined : badPageToken,
      );
      const { template } = await access.mustSee(caller, request.templateId);
      const below = request.pageToken === '' ? Infinity : Number(request.pageToken);
      const older = template.versions.filter(({ version }) => version < below).reverse();
      const versions = older.slice(0, request.pageSize || USUAL_VERSIONS);
      const last = versions.at(-1);
      return { versions, nextPageToken: versions.length < older.length && last ? String(last.version) : '' };
    },

    async diff(
      caller: Caller,
      request: { readonly templateId: string; readonly fromVersion: number; readonly toVersion: number },
    ): Promise<FieldChange[]> {
      const { template } = await access.mustSee(caller, request.templateId);
      const from = mustHave(template, 'from_version', request.fromVersion || template.sentVersion);
      const to = mustHave(template, 'to_version', request.toVersion || latestVersion(template));
      return diff(from.content, to.content);
    },
  };
}

/** Also for rendering: 0 says that none is sent. */
export function mustHave(template: Template, field: string, version: number): Version {
  const found = versionOf(template, version);
  if (found) return found;
  const description =
    version === 0
      ? 'must name a version: none of the template has been approved yet'
      : `must be a version of the template, of which the latest is ${latestVersion(template)}; choose another one`;
  throw invalid('template.version-unknown', [{ field, description }]);
}

const tokenOf = ({ name, language, templateId }: Place): string => [name, language, templateId].join('.');

/** Undefined for what is no token. */
function placeIn(token: string): Place | undefined {
  const [, name, language, templateId] = /^([a-z0-9_]+)\.([A-Za-z_]+)\.([0-9a-f]+)$/.exec(token) ?? [];
  return name && language && templateId ? { name, language, templateId } : undefined;
}
