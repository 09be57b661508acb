import { type GraphClient } from '@switchboard/graph-api';
import { type Examples } from '../../use-cases/ports.js';
import { type CallMeta } from './calls.js';

/** Examples of header media, by Meta's resumable upload. */
export const createExamples = (
  graph: Pick<GraphClient, 'uploadExample'>,
  callMeta: CallMeta,
  appId: string,
): Examples => ({
  upload: (wabaId, example, content) =>
    callMeta(wabaId, 'people', (token) => graph.uploadExample(appId, token, { ...example, content })),
});
