import {
  type BrandSettings,
  type BrandSettingsServiceServer,
  BrandSettingsServiceService,
  type DryRunRulesRequest,
} from '@switchboard/contracts/routing/v1/brand_settings_service';
import { FlowSettings } from '@switchboard/contracts/routing/v1/settings';
import { type ServedService, unary } from '@switchboard/grpc';
import type { SettingsUseCases } from '../../use-cases/settings/settings.js';
import type { SettingsVersion } from '../../use-cases/settings/ports.js';
import type { TrySettings } from '../../use-cases/settings/try-settings.js';
import { demand, fromToken, toToken } from './requests.js';
import { aBrandId, aLongText, aNumberOrNone, anIdOrEmpty, aSmallPage, aTime, aVersion } from './settings-requests.js';
import { flowFromProto, flowToProto, mannerToProto, rulesFromProto, targetToProto } from './settings-view.js';

/** A gRPC message holds 4 MB: settings and a page of them stay well below. */
const LARGEST_BYTES = 2 * 1_024 * 1_024;
const USUAL_PAGE = 20;

/** Flow settings of brands: versions, and what would be if. */
export function settingsServer(settings: SettingsUseCases, tries: TrySettings): ServedService {
  const implementation: BrandSettingsServiceServer = {
    getSettings: unary(async ({ brandId, version }, { caller }) => {
      demand(aBrandId('brand_id', brandId), aVersion('version', version));
      return { settings: toProto(await settings.getSettings(caller.organisationId, brandId, Number(version))) };
    }),
    updateSettings: unary(async ({ brandId, expectedVersion, flow }, { caller }) => {
      demand(
        aBrandId('brand_id', brandId),
        aVersion('expected_version', expectedVersion),
        flow
          ? undefined
          : { field: 'flow', description: 'is needed in every update; send an empty one for the defaults' },
        flow && FlowSettings.encode(flow).finish().byteLength > LARGEST_BYTES
          ? { field: 'flow', description: 'must be at most 2 MB; shorten its lists' }
          : undefined,
      );
      const written = flowFromProto(flow ?? FlowSettings.decode(new Uint8Array()));
      const { organisationId, subject } = caller;
      const expected = Number(expectedVersion);
      return { settings: toProto(await settings.updateSettings(organisationId, brandId, expected, written, subject)) };
    }),
    listSettingsVersions: unary(async ({ brandId, pageSize, pageToken }, { caller }) => {
      const { place, violation } = fromToken('page_token', pageToken, ({ before }) =>
        Number.isSafeInteger(before) && Number(before) > 1 ? { before: Number(before) } : undefined,
      );
      demand(aBrandId('brand_id', brandId), aSmallPage('page_size', pageSize), violation);
      const all = settings.versions(caller.organisationId, brandId, place?.before);
      const versions = await pageOf(all, pageSize || USUAL_PAGE);
      const last = versions.at(-1)?.version ?? 1n;
      return { versions, nextPageToken: last > 1n ? toToken({ before: Number(last) }) : '' };
    }),
    applyNow: unary(async ({ brandId }, { caller }) => {
      demand(aBrandId('brand_id', brandId));
      return { version: BigInt(await settings.applyNow(caller.organisationId, brandId)) };
    }),
    whatIf: unary(async ({ brandId, ...times }, { caller }) => {
      demand(aBrandId('brand_id', brandId));
      const counts = await tries.whatIf(caller.organisationId, brandId, times);
      return {
        chats: BigInt(counts.chats),
        wouldBeMissed: BigInt(counts.wouldBeMissed),
        wouldCloseMissed: BigInt(counts.wouldCloseMissed),
        wouldCloseCustomerOwes: BigInt(counts.wouldCloseCustomerOwes),
        wouldCloseOperatorOwes: BigInt(counts.wouldCloseOperatorOwes),
      };
    }),
    dryRunRules: unary(async (request, { caller }) => {
      demand(...chatIsSound(request));
      const { brandId, rules, phone, userId, profileName } = request;
      const choice = await tries.dryRun(caller.organisationId, brandId, rulesFromProto(rules), {
        departmentId: request.departmentId,
        number: request.phoneNumberId,
        tags: request.tags,
        language: request.language,
        party: {
          ...(phone !== '' && { phone: phone.replace(/\D/g, '') }),
          ...(userId !== '' && { userId }),
          ...(profileName !== '' && { profileName }),
        },
        advertisementId: request.advertisementId,
        isReturning: request.returning,
        text: request.text,
        at: request.at,
        lastOperatorId: request.lastOperatorId,
      });
      return {
        ruleId: choice.rule?.ruleId ?? '',
        ruleName: choice.rule?.name ?? '',
        target: targetToProto(choice.target),
        manner: mannerToProto(choice.manner),
        operatorIds: [...choice.operatorIds],
        reasons: [...choice.reasons],
      };
    }),
  };
  const [read, write] = ['routing.settings:read', 'routing.settings:write'];
  return {
    definition: BrandSettingsServiceService,
    implementation,
    scopes: {
      getSettings: read,
      updateSettings: write,
      listSettingsVersions: read,
      applyNow: write,
      whatIf: read,
      dryRunRules: read,
    },
  };
}

const chatIsSound = (request: DryRunRulesRequest) => [
  aBrandId('brand_id', request.brandId),
  aNumberOrNone('phone_number_id', request.phoneNumberId),
  anIdOrEmpty('department_id', request.departmentId),
  aLongText('phone', request.phone, 40),
  aLongText('user_id', request.userId, 160),
  aLongText('profile_name', request.profileName, 256),
  aLongText('text', request.text, 4_096),
  request.tags.length <= 100 ? undefined : { field: 'tags', description: 'must be at most 100; try with fewer' },
  ...request.tags.map((tag, index) => aLongText(`tags[${index}]`, tag, 200)),
  aLongText('advertisement_id', request.advertisementId, 200),
  anIdOrEmpty('last_operator_id', request.lastOperatorId),
  aLongText('language', request.language, 35),
  aTime('at', request.at),
];

/** Fewer than asked for where they are large; the next page goes on behind the last. */
async function pageOf(all: AsyncIterable<SettingsVersion>, most: number): Promise<BrandSettings[]> {
  const page: BrandSettings[] = [];
  let bytes = 0;
  for await (const version of all) {
    const shown = toProto(version);
    bytes += shown.flow ? FlowSettings.encode(shown.flow).finish().byteLength : 0;
    if (page.length > 0 && bytes > LARGEST_BYTES) break;
    page.push(shown);
    if (page.length === most) break;
  }
  return page;
}

const toProto = ({ brandId, version, settings, changedAt, changedBy }: SettingsVersion): BrandSettings => ({
  brandId,
  version: BigInt(version),
  flow: flowToProto(settings),
  changedAt: version === 0 ? undefined : changedAt,
  changedBy,
});
