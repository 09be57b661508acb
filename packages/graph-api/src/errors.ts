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

/**
 * What follows from an error for the message that met it.
 * `back-off`: the same call may succeed soon, slow down. `few-tries`: try again a few times only. `wait`: hours or days, or
 * something must change first. `never`: not this message. `fix`: the request or the account must be mended.
 */
export type Consequence = 'back-off' | 'few-tries' | 'wait' | 'never' | 'fix';

/** Meta's error codes and what follows from them (Cloud API, error codes page, and what libraries have met). */
const consequences: Readonly<Record<Consequence, readonly number[]>> = {
  'back-off': [2, 4, 80007, 130429, 131016, 131056, 131057],
  'few-tries': [1, 131000],
  wait: [131048, 131049, 131064, 132015, 132069],
  never: [130472, 130497, 131021, 131026, 131047, 131050, 131051, 131052, 131060, 132016],
  fix: [],
};

const byCode = new Map(
  Object.entries(consequences).flatMap(([consequence, codes]) =>
    codes.map((code) => [code, consequence as Consequence] as const),
  ),
);

/** What follows from a code; an unknown one needs a person: `fix`. `is_transient` of the answer makes it `back-off`. */
export function consequenceOf(code: number, isTransient = false): Consequence {
  return byCode.get(code) ?? (isTransient ? 'back-off' : 'fix');
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
