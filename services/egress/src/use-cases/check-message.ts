import { type Asked, type Judge, type Judgement } from './judge.js';

export type CheckMessage = ReturnType<typeof createCheckMessage>;

/** The gate's verdict without sending (TX-1). */
export function createCheckMessage({ judge }: { judge: Judge }) {
  return async function checkMessage(message: Omit<Asked, 'acceptedAs' | 'expiresAt'>): Promise<Judgement> {
    const [judgement] = await judge([{ ...message, acceptedAs: undefined, expiresAt: undefined }], { looks: 'always' });
    if (!judgement) throw new Error('a message was asked about and not judged');
    return judgement;
  };
}
