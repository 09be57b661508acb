import { type InteractiveContent, type InteractiveHeader } from '../../domain/content/interactive.js';
import { type FlowAction, type InteractiveAction } from '../../domain/content/interactive-action.js';
import { type Json, mediaToBody } from './parts.js';

export const interactiveToBody = ({ header, body, footer, action }: InteractiveContent): Json => ({
  ...(header && { header: headerToBody(header) }),
  ...(body !== '' && { body: { text: body } }),
  ...(footer !== '' && { footer: { text: footer } }),
  ...(action && actionToBody(action)),
});

const headerToBody = (header: InteractiveHeader): Json =>
  header.kind === 'text'
    ? { type: 'text', text: header.text }
    : { type: header.media.kind, [header.media.kind]: mediaToBody(header.media) };

/** Meta's words for the kinds differ from ours, and from each other. */
function actionToBody(action: InteractiveAction): Json {
  switch (action.kind) {
    case 'replyButtons':
      return { type: 'button', action: { buttons: action.buttons.map((reply) => ({ type: 'reply', reply })) } };
    case 'list': {
      const { button, sections } = action;
      return { type: 'list', action: { button, sections: sections.map(sectionToBody) } };
    }
    case 'link':
      return named('cta_url', 'cta_url', { display_text: action.title, url: action.url });
    case 'flow':
      return named('flow', 'flow', flowToBody(action));
    case 'locationRequest':
      return named('location_request_message', 'send_location');
    case 'contactInfoRequest':
      return named('request_contact_info', 'request_contact_info');
    case 'product': {
      const { catalogId, productRetailerId } = action;
      return { type: 'product', action: { catalog_id: catalogId, product_retailer_id: productRetailerId } };
    }
    case 'productList': {
      const sections = action.sections.map(({ title, productRetailerIds }) => ({
        ...(title !== '' && { title }),
        product_items: productRetailerIds.map((id) => ({ product_retailer_id: id })),
      }));
      return { type: 'product_list', action: { catalog_id: action.catalogId, sections } };
    }
    case 'catalogue': {
      const { thumbnailProductRetailerId: thumbnail } = action;
      const parameters = thumbnail === '' ? undefined : { thumbnail_product_retailer_id: thumbnail };
      return named('catalog_message', 'catalog_message', parameters);
    }
  }
}

const named = (type: string, name: string, parameters?: Json): Json => ({
  type,
  action: { name, ...(parameters && { parameters }) },
});

const sectionToBody = ({ title, rows }: (InteractiveAction & { kind: 'list' })['sections'][number]): Json => ({
  ...(title !== '' && { title }),
  rows: rows.map(({ id, title: says, description }) => ({
    id,
    title: says,
    ...(description !== '' && { description }),
  })),
});

/** Without a screen the flow's own endpoint is asked what to show. */
function flowToBody({ title, flowId, flowToken, screen, dataJson }: FlowAction): Json {
  const payload = { screen, ...(dataJson !== '' && { data: JSON.parse(dataJson) as unknown }) };
  return {
    flow_message_version: '3',
    flow_token: flowToken,
    flow_id: flowId,
    flow_cta: title,
    ...(screen === '' ? { flow_action: 'data_exchange' } : { flow_action: 'navigate', flow_action_payload: payload }),
  };
}
