import { type IngressServiceServer, IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { type ServedService, unary } from '@switchboard/grpc';
import type { QuarantineUseCases } from '../../use-cases/quarantine.js';

/** What could not be read, and how to try it again. */
export function ingressServer(useCases: QuarantineUseCases): ServedService {
  const implementation: IngressServiceServer = {
    listQuarantined: unary(async (request, { signal }) => {
      const { items, nextPageToken } = await useCases.listQuarantined(request, signal);
      const shown = items.map(({ quarantineId, code, reason, receivedAt, raw }) => ({
        quarantineId,
        code,
        reason,
        receivedAt,
        raw: Buffer.from(raw),
      }));
      return { items: shown, nextPageToken };
    }),
    replayQuarantined: unary(({ quarantineId }, { signal }) => useCases.replayQuarantined(quarantineId, signal)),
  };
  return {
    definition: IngressServiceService,
    implementation,
    scopes: { listQuarantined: 'ingress.quarantine:read', replayQuarantined: 'ingress.quarantine:write' },
  };
}
