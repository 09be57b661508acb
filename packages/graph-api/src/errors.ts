/** An error as the Graph API answers it. */
export interface MetaError {
  readonly code: number;
  readonly subcode: number;
  readonly title: string;
  readonly message: string;
  /** `error_data.details`: the part worth reading. */
  readonly details: string;
  /** For Meta's support. */
  readonly traceId: string;
}

/** Reads Meta's error body; undefined when it is none. */
export function readError(body: unknown): { readonly error: MetaError; readonly isTransient: boolean } | undefined {
  const error = recordIn(body, 'error');
  if (!error || typeof error['code'] !== 'number') return undefined;
  const data = recordIn(error, 'error_data');
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    isTransient: error['is_transient'] === true,
    error: {
      code: error['code'],
      subcode: typeof error['error_subcode'] === 'number' ? error['error_subcode'] : 0,
      title: text(error['type']),
      message: text(error['message']),
      details: text(data?.['details']),
      traceId: text(error['fbtrace_id']),
    },
  };
}

/** An object under a name, where there is one. */
export function recordIn(value: unknown, name: string): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const inner = (value as Record<string, unknown>)[name];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
}
