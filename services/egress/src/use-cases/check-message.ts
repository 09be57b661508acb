import { type Verdict } from '../domain/gate.js';
import { type Asked, type Judge } from './judge.js';

export type CheckMessage = ReturnType<typeof createCheckMessage>;

/** The gate's verdict without sending (TX-1). */
export function createCheckMessage({ judge }: { judge: Judge }) {
  return async function checkMessage(message: Omit<Asked, 'acceptedAs' | 'expiresAt'>): Promise<Verdict> {
    const [judgement] = await judge([{ ...message, acceptedAs: undefined, expiresAt: undefined }], { looks: 'always' });
    if (!judgement) throw new Error('a message was asked about and not judged');
    return judgement;
  };
}
