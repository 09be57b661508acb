import { Failure } from '@switchboard/errors';

/** A Meta token as it is kept: a data key wrapped by the installation's key, and the token under the data key. */
export interface SealedToken {
  readonly keyId: string;
  readonly wrappedKey: string;
  readonly sealed: string;
}

/** A WhatsApp number, and whose it is. */
export interface NumberState {
  /** Empty until the number is registered. */
  readonly wabaId: string;
  readonly portfolioId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string;
  readonly token: SealedToken | null;
  /**
   * Part of every thread's id. It starts at 1 and is raised when the number is disconnected, so a new owner never sees
   * the former's history, and what arrives while it is nobody's already stands in the threads of the next owner.
   */
  readonly connection: number;
  readonly organisationId: string | null;
  readonly brandId: string | null;
  readonly departmentId: string | null;
  readonly changedAt: Date;
}

export interface RegisterNumber {
  readonly kind: 'register';
  readonly at: Date;
  readonly wabaId: string;
  readonly portfolioId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string;
  readonly token: SealedToken;
  /** Only this organisation's number, or nobody's; null = whosever it is. */
  readonly organisationId: string | null;
}

export interface ConnectNumber {
  readonly kind: 'connect';
  readonly at: Date;
  readonly organisationId: string;
  readonly brandId: string;
  readonly departmentId: string;
}

export interface DisconnectNumber {
  readonly kind: 'disconnect';
  readonly at: Date;
  /** Only this organisation's number; null = whosever it is. */
  readonly organisationId: string | null;
}

export type NumberCommand = RegisterNumber | ConnectNumber | DisconnectNumber;

export const unknownNumber = (): NumberState => ({
  wabaId: '',
  portfolioId: '',
  displayPhoneNumber: '',
  verifiedName: '',
  token: null,
  connection: 1,
  organisationId: null,
  brandId: null,
  departmentId: null,
  changedAt: new Date(0),
});

/** The state after a command; the same object when nothing changes (ON-7, ON-17). */
export function decideNumber(number: NumberState, command: NumberCommand): NumberState {
  if (command.kind === 'register') {
    const { organisationId } = number;
    // Somebody else may have connected it since the caller looked: their token is not replaced.
    if (organisationId !== null && command.organisationId !== null && organisationId !== command.organisationId) {
      throw numberNotFound();
    }
    const { wabaId, portfolioId, displayPhoneNumber, verifiedName, token, at } = command;
    return { ...number, wabaId, portfolioId, displayPhoneNumber, verifiedName, token, changedAt: at };
  }
  if (number.wabaId === '') throw numberNotFound();
  return command.kind === 'connect' ? connect(number, command) : disconnect(number, command);
}

function connect(number: NumberState, command: ConnectNumber): NumberState {
  const { organisationId, brandId, departmentId, at } = command;
  if (number.brandId !== null && number.brandId !== brandId) {
    throw new Failure(
      'conflict',
      'account.number-already-connected',
      'the number is connected to another brand; disconnect it there first',
    );
  }
  if (number.brandId === brandId && number.departmentId === departmentId) return number;
  return { ...number, organisationId, brandId, departmentId, changedAt: at };
}

function disconnect(number: NumberState, command: DisconnectNumber): NumberState {
  if (number.organisationId === null) return number;
  if (command.organisationId !== null && command.organisationId !== number.organisationId) throw numberNotFound();
  return {
    ...number,
    organisationId: null,
    brandId: null,
    departmentId: null,
    connection: number.connection + 1,
    changedAt: command.at,
  };
}

/** Why a number may not send, or that it may. Receiving never depends on it (ON-15). */
export function sendingOf(number: NumberState): 'allowed' | 'not-connected' | 'no-token' {
  if (number.organisationId === null) return 'not-connected';
  return number.token === null ? 'no-token' : 'allowed';
}

export const numberNotFound = (): Failure =>
  new Failure('not-found', 'account.number-not-found', 'no such number; register it first');
