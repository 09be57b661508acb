/** Whether bytes are text: UTF-8 without control characters but those that lay it out. */

// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;

export interface TextCheck {
  readonly push: (bytes: Uint8Array) => void;
  /** After the last byte. */
  readonly isText: () => boolean;
}

/** Looks at bytes as they come, and at none any more once it knows that they are no text. */
export function createTextCheck(): TextCheck {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isText = true;

  function look(bytes: Uint8Array | undefined): void {
    if (!isText) return;
    try {
      const text = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
      isText = !CONTROL.test(text);
    } catch {
      isText = false;
    }
  }

  return {
    push: look,
    isText() {
      look(undefined);
      return isText;
    },
  };
}
