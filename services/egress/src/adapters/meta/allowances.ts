import { type GraphClient } from '@switchboard/graph-api';
import { type Level, messagingLimitOf } from '../../domain/pace/allowance.js';
import { type MetaNumbers } from '../../use-cases/pace-ports.js';

const FIELDS = ['throughput', 'is_on_biz_app', 'whatsapp_business_manager_messaging_limit'] as const;

/** Reads what Meta allows from the number itself. Source: Meta, *WhatsApp Business Phone Number* (Graph API). */
export const createMetaNumbers = (graph: Pick<GraphClient, 'getPhoneNumber'>): MetaNumbers => ({
  async allowanceOf(number, token) {
    const fields = await graph.getPhoneNumber(number, token, FIELDS);
    const limit = fields['whatsapp_business_manager_messaging_limit'];
    return {
      level: fields['is_on_biz_app'] === true ? 'coexistence' : levelOf(fields['throughput']),
      messagingLimit: typeof limit === 'string' ? messagingLimitOf(limit) : undefined,
    };
  },
});

function levelOf(throughput: unknown): Level | undefined {
  const said = typeof throughput === 'object' && throughput !== null && 'level' in throughput && throughput.level;
  return said === 'HIGH' ? 'high' : said === 'STANDARD' ? 'standard' : undefined;
}
