import { type TemplateComponent, type TemplateContent, type TemplateParameter } from '../../domain/content/template.js';
import { type Json, locationToBody, mediaToBody } from './parts.js';

export const templateToBody = ({ name, language, components }: TemplateContent): Json => ({
  name,
  language: { code: language },
  ...(components.length > 0 && { components: components.map(componentToBody) }),
});

const componentToBody = ({ kind, buttonKind, buttonIndex, parameters }: TemplateComponent): Json => ({
  type: kind,
  // Meta wants the place of a button as text.
  ...(kind === 'button' && { sub_type: buttonKind, index: String(buttonIndex) }),
  ...(parameters.length > 0 && { parameters: parameters.map((parameter) => parameterToBody(parameter, buttonKind)) }),
});

function parameterToBody(parameter: TemplateParameter, buttonKind: string): Json {
  const named = parameter.name === '' ? {} : { parameter_name: parameter.name };
  switch (parameter.kind) {
    case 'text':
      return buttonKind === 'catalog'
        ? { type: 'action', action: { thumbnail_product_retailer_id: parameter.value } }
        : { type: 'text', ...named, text: parameter.value };
    case 'payload':
      return { type: 'payload', payload: parameter.value };
    case 'couponCode':
      return { type: 'coupon_code', coupon_code: parameter.value };
    case 'media': {
      const { media } = parameter;
      return { type: media.kind, ...named, [media.kind]: mediaToBody(media) };
    }
    case 'location':
      return { type: 'location', location: locationToBody(parameter.location) };
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
