import { Failure } from '@switchboard/errors';

/** A person of an organisation who answers. */
export interface Operator {
  /** Empty until they are made; they never change organisations. */
  readonly organisationId: string;
  readonly name: string;
  readonly role: Role;
  readonly departmentIds: readonly string[];
  /** Chats they may have at a time; 0 = the brand's limit. */
  readonly concurrentLimit: number;
  /** False once they were taken away; putting them again brings them back. */
  readonly active: boolean;
  readonly changedAt: Date;
}

export type Role = 'administrator' | 'supervisor' | 'associate';

export interface PutOperator extends Omit<Operator, 'active' | 'changedAt'> {
  readonly kind: 'put-operator';
  readonly at: Date;
}

export interface RemoveOperator {
  readonly kind: 'remove-operator';
  readonly at: Date;
  /** Only this organisation's; null = whosever they are. */
  readonly organisationId: string | null;
}

export type OperatorCommand = PutOperator | RemoveOperator;

export const noOperator = (): Operator => ({
  organisationId: '',
  name: '',
  role: 'associate',
  departmentIds: [],
  concurrentLimit: 0,
  active: false,
  changedAt: new Date(0),
});

/** Putting the same again and taking away twice change nothing. */
export function decideOperator(operator: Operator, command: OperatorCommand): Operator {
  if (command.kind === 'remove-operator') {
    const isVisible = command.organisationId === null || command.organisationId === operator.organisationId;
    if (operator.organisationId === '' || !isVisible) throw operatorNotFound();
    return operator.active ? { ...operator, active: false, changedAt: command.at } : operator;
  }
  const { at, organisationId, name, role, departmentIds, concurrentLimit } = command;
  const about = { organisationId, name, role, departmentIds, concurrentLimit };
  if (operator.organisationId !== '' && operator.organisationId !== about.organisationId) {
    throw new Failure(
      'conflict',
      'account.operator-exists',
      'there is another operator with this id; choose another id',
    );
  }
  const isSame =
    operator.active &&
    operator.name === about.name &&
    operator.role === about.role &&
    operator.concurrentLimit === about.concurrentLimit &&
    operator.departmentIds.join() === about.departmentIds.join();
  return isSame ? operator : { ...about, active: true, changedAt: at };
}

export const operatorNotFound = (): Failure =>
  new Failure('not-found', 'account.operator-not-found', 'no such operator; make them first');
