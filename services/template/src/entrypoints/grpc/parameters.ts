import { type TemplateMessage, type TemplateParameter } from '@switchboard/contracts/whatsapp/v1/content';
import { type Component, type Parameter, type Value } from '../../domain/render/parameters.js';
import { type MessageToRender } from '../../use-cases/render-message.js';

/** The parameters of a message, as a request gives them. */
export function messageFromProto({
  templateId,
  wabaId,
  version,
  message,
}: {
  readonly templateId: string;
  readonly wabaId: string;
  readonly version: number;
  readonly message: TemplateMessage | undefined;
}): MessageToRender {
  const components = (message?.components ?? []).map(({ kind, buttonKind, buttonIndex, parameters }): Component => ({
    kind,
    buttonKind,
    buttonIndex,
    parameters: parameters.map(parameterFromProto),
  }));
  return { templateId, wabaId, version, name: message?.name ?? '', language: message?.language ?? '', components };
}

const parameterFromProto = ({ name, value }: TemplateParameter): Parameter => ({ name, ...valueFromProto(value) });

function valueFromProto(value: TemplateParameter['value']): Value {
  switch (value?.$case) {
    case 'text':
    case 'payload':
      return { kind: value.$case, value: value.value };
    case 'couponCode':
      return { kind: 'coupon_code', value: value.value };
    case 'media': {
      const { kind, mediaId, fileId = '', link = '', filename = '' } = value.value;
      return { kind: 'media', media: { kind, mediaId, fileId, link, filename } };
    }
    case 'location': {
      const { latitude, longitude, name = '', address = '' } = value.value;
      return { kind: 'location', location: { latitude, longitude, name, address } };
    }
    case 'flow':
      return { kind: 'flow', token: value.value.token, dataJson: value.value.dataJson };
    case undefined:
      return { kind: 'nothing' };
  }
}
