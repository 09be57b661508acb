import {
  type IngressServiceServer,
  IngressServiceService,
  type QuarantinedItem as QuarantinedItemProto,
} from '@switchboard/contracts/ingress/v1/ingress_service';
import { type ServedService, unary } from '@switchboard/grpc';
import type { QuarantinedItem } from '../../use-cases/ports.js';
import type { QuarantineUseCases } from '../../use-cases/quarantine.js';

/** What could not be read, and how to try it again. */
export function ingressServer(useCases: QuarantineUseCases): ServedService {
  const implementation: IngressServiceServer = {
    listQuarantined: unary(async (request, { signal }) => {
      const { items, nextPageToken } = await useCases.listQuarantined(request, signal);
      return { items: items.map(toProto), nextPageToken };
    }),
    replayQuarantined: unary(({ quarantineId }, { signal }) => useCases.replayQuarantined(quarantineId, signal)),
  };
  return {
    definition: IngressServiceService,
    implementation,
    scopes: { listQuarantined: 'ingress.quarantine:read', replayQuarantined: 'ingress.quarantine:write' },
  };
}

const toProto = ({ quarantineId, code, reason, raw, part, source }: QuarantinedItem): QuarantinedItemProto => ({
  quarantineId,
  code,
  reason,
  receivedAt: source.receivedAt,
  raw,
  entryId: source.entryId,
  field: source.field,
  part,
});
