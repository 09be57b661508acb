import { type MetaError as GraphError, type Ruling } from '@switchboard/graph-api';
import { type MetaError } from '../../domain/report.js';
import { type Refused } from '../../domain/retry.js';

interface RefusedByMeta {
  readonly error: GraphError;
  readonly ruling: Ruling;
  readonly retryAfterMs?: number;
}

/** A refusal by Meta with what follows from it. */
export const toRefused = ({ error, ruling, retryAfterMs }: RefusedByMeta): Refused & { readonly kind: 'refused' } => ({
  kind: 'refused',
  error: toError(error),
  ...ruling,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

const toError = ({ code, title, message, details }: GraphError): MetaError => ({
  code,
  title,
  message,
  details,
  href: '',
});
