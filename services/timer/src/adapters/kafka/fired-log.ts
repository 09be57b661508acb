import { timerFired } from '@switchboard/contracts/topics';
import { eventRecord, type Producer } from '@switchboard/kafka';
import { fireIdOf } from '../../domain/timer.js';
import { firedToProto } from '../../proto.js';
import { type FiredLog } from '../../use-cases/ports.js';

export function createFiredLog(producer: Pick<Producer, 'send'>): FiredLog {
  const topics = new Map<string, ReturnType<typeof timerFired>>();

  function topicOf(owner: string) {
    const known = topics.get(owner) ?? timerFired(owner);
    topics.set(owner, known);
    return known;
  }

  return {
    publish: (fired) =>
      producer.send(
        fired.map((timer) =>
          eventRecord(topicOf(timer.owner), firedToProto(timer), {
            key: timer.firedKey,
            id: fireIdOf(timer),
            time: new Date(timer.due),
            org: timer.org,
            traceparent: timer.traceparent,
          }),
        ),
      ),
  };
}
