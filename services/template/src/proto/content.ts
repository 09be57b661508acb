/** What a template says, between the contracts and the domain. */
import {
  type TemplateButton,
  type TemplateContent as ContentProto,
  type TemplateHeader,
  type TemplateText,
} from '@switchboard/contracts/template/v1/template';
import { type Button, type Header, nothingSaid, type PlaceheldText, type TemplateContent } from '../domain/content.js';

export function contentFromProto(content: ContentProto | undefined): TemplateContent {
  if (!content) return nothingSaid;
  const { header, body, footer, buttons, sendTtlSeconds, authentication } = content;
  return {
    header: header ? headerFromProto(header) : null,
    body: body ? textFromProto(body.text) : null,
    footer,
    buttons: buttons.map(buttonFromProto),
    sendTtlSeconds,
    authentication: authentication ? { ...authentication } : null,
  };
}

const textFromProto = (text: TemplateText | undefined): PlaceheldText => ({
  text: text?.text ?? '',
  examples: (text?.examples ?? []).map(({ placeholder, value }) => ({ placeholder, value })),
});

function headerFromProto({ kind }: TemplateHeader): Header {
  switch (kind?.$case) {
    case 'text':
      return { kind: 'text', ...textFromProto(kind.value) };
    case 'media':
      return { kind: 'media', media: kind.value.kind, exampleHandle: kind.value.exampleHandle };
    case 'location':
      return { kind: 'location' };
    case undefined:
      return { kind: 'nothing' };
  }
}

function buttonFromProto({ text, kind }: TemplateButton): Button {
  switch (kind?.$case) {
    case 'quickReply':
      return { kind: 'quick-reply', text };
    case 'url':
      return { kind: 'url', text, url: kind.value.url, example: kind.value.example };
    case 'phone':
      return { kind: 'phone', text, phoneNumber: kind.value.phoneNumber };
    case 'copyCode':
      return { kind: 'copy-code', text, example: kind.value.example };
    case 'flow':
      return {
        kind: 'flow',
        text,
        flowId: kind.value.flowId,
        action: kind.value.action,
        screen: kind.value.screen,
      };
    case 'catalogue':
      return { kind: 'catalogue', text };
    case 'requestContactInfo':
      return { kind: 'request-contact-info', text };
    case 'oneTimePassword': {
      const { kind: way, apps, autofillText, zeroTapTermsAccepted } = kind.value;
      return {
        kind: 'one-time-password',
        text,
        way,
        apps: apps.map(({ packageName, signatureHash }) => ({ packageName, signatureHash })),
        autofillText,
        zeroTapTermsAccepted,
      };
    }
    case undefined:
      return { kind: 'nothing', text };
  }
}

export const contentToProto = (content: TemplateContent): ContentProto => ({
  header: content.header ? headerToProto(content.header) : undefined,
  body: content.body ? { text: textToProto(content.body) } : undefined,
  footer: content.footer,
  buttons: content.buttons.map(buttonToProto),
  sendTtlSeconds: content.sendTtlSeconds,
  authentication: content.authentication ? { ...content.authentication } : undefined,
});

const textToProto = ({ text, examples }: PlaceheldText): TemplateText => ({
  text,
  examples: examples.map((each) => ({ ...each })),
});

function headerToProto(header: Header): TemplateHeader {
  switch (header.kind) {
    case 'text':
      return { kind: { $case: 'text', value: textToProto(header) } };
    case 'media':
      return { kind: { $case: 'media', value: { kind: header.media, exampleHandle: header.exampleHandle } } };
    case 'location':
      return { kind: { $case: 'location', value: {} } };
    case 'nothing':
      return { kind: undefined };
  }
}

const buttonToProto = (button: Button): TemplateButton => ({ text: button.text, kind: kindToProto(button) });

function kindToProto(button: Button): TemplateButton['kind'] {
  switch (button.kind) {
    case 'quick-reply':
      return { $case: 'quickReply', value: {} };
    case 'url':
      return { $case: 'url', value: { url: button.url, example: button.example } };
    case 'phone':
      return { $case: 'phone', value: { phoneNumber: button.phoneNumber } };
    case 'copy-code':
      return { $case: 'copyCode', value: { example: button.example } };
    case 'flow': {
      const { flowId, action, screen } = button;
      return { $case: 'flow', value: { flowId, action, screen } };
    }
    case 'catalogue':
      return { $case: 'catalogue', value: {} };
    case 'request-contact-info':
      return { $case: 'requestContactInfo', value: {} };
    case 'one-time-password': {
      const { way: kind, apps, autofillText, zeroTapTermsAccepted } = button;
      const value = { kind, apps: apps.map((app) => ({ ...app })), autofillText, zeroTapTermsAccepted };
      return { $case: 'oneTimePassword', value };
    }
    case 'nothing':
      return undefined;
  }
}
