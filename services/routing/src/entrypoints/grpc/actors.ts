import { Failure, invalid } from '@switchboard/errors';
import { type Caller, covers } from '@switchboard/grpc';
import type { Actor } from '../../domain/thread-inputs.js';

export const WRITE = 'routing.chats:write';
export const SUPERVISE = 'routing.chats:supervise';

/**
 * A token with the claim `operator_id` is an associate's, with the scope to supervise a supervisor's; one with `bot_id` a
 * bot's; any other an internal service's, which may act in every chat of its organisation.
 */
export function actorOf({ subject, scopes, operatorId = '', botId = '' }: Caller): Actor {
  const mayIntervene = botId === '' && (operatorId === '' || covers(scopes, SUPERVISE));
  return { id: subject, operator: operatorId, bot: botId, mayIntervene };
}

/** The operator that is meant: the token's, or for services and supervisors the one they name. */
export function operatorOf(actor: Actor, named: string): string {
  if (named !== '' && named !== actor.operator && !actor.mayIntervene) {
    const why = 'the token speaks for another operator; leave operator_id empty';
    throw new Failure('forbidden', 'routing.other-operator', why);
  }
  const operator = named || actor.operator;
  if (operator === '') {
    const description = 'is needed when the token speaks for no operator; name one';
    throw invalid('routing.invalid-request', [{ field: 'operator_id', description }]);
  }
  return operator;
}
