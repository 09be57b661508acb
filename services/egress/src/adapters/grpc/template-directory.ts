import { type TemplateServiceService } from '@switchboard/contracts/template/v1/template_service';
import { Failure } from '@switchboard/errors';
import { type GrpcClient } from '@switchboard/grpc';
import { templateFromProto } from '../../template-proto.js';
import { type TemplateDirectory } from '../../use-cases/template-ports.js';

export function createTemplateDirectory(
  template: Pick<GrpcClient<typeof TemplateServiceService>, 'get'>,
): TemplateDirectory {
  return {
    async get(wabaId, name, language) {
      try {
        const { template: found } = await template.get({ wabaId, name, language });
        return found && templateFromProto(found);
      } catch (error) {
        if (error instanceof Failure && error.kind === 'not-found') return undefined;
        throw error;
      }
    },
  };
}
