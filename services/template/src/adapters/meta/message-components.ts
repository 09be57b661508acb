/** Parameters of a message as Meta takes them. Source: Meta, *Template messages*. */
import { type Component, type MediaParameter, type Parameter } from '../../domain/render/parameters.js';
import { type Json } from './to-meta.js';

/** The JSON array `template.components`. A file of ours stands as `file_id`: it gets its id at Meta when it is sent. */
export const componentsToMeta = (components: readonly Component[]): Json[] =>
  components
    .filter(({ parameters }) => parameters.length > 0)
    .map(({ kind, buttonKind, buttonIndex, parameters }) => ({
      type: kind,
      ...(kind === 'button' && { sub_type: buttonKind, index: String(buttonIndex) }),
      parameters: parameters.map((parameter) => parameterToMeta(parameter, buttonKind)),
    }));

function parameterToMeta(parameter: Parameter, buttonKind: string): Json {
  const named = parameter.name === '' ? {} : { parameter_name: parameter.name };
  switch (parameter.kind) {
    case 'text':
      return buttonKind === 'catalog'
        ? { type: 'action', action: { thumbnail_product_retailer_id: parameter.value } }
        : { type: 'text', ...named, text: parameter.value };
    case 'payload':
      return { type: 'payload', payload: parameter.value };
    case 'coupon_code':
      return { type: 'coupon_code', coupon_code: parameter.value };
    case 'media':
      return { type: parameter.media.kind, ...named, [parameter.media.kind]: mediaToMeta(parameter.media) };
    case 'location': {
      const { latitude, longitude, name, address } = parameter.location;
      return { type: 'location', location: { latitude, longitude, name, address } };
    }
    case 'flow': {
      const { token, dataJson } = parameter;
      const action = {
        ...(token !== '' && { flow_token: token }),
        ...(dataJson !== '' && { flow_action_data: JSON.parse(dataJson) as unknown }),
      };
      return { type: 'action', action };
    }
    case 'nothing':
      return {};
  }
}

const mediaToMeta = ({ mediaId, fileId, link, filename }: MediaParameter): Json => ({
  ...(mediaId !== '' && { id: mediaId }),
  ...(fileId !== '' && { file_id: fileId }),
  ...(link !== '' && { link }),
  ...(filename !== '' && { filename }),
});
