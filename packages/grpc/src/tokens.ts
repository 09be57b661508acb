import { Failure } from '@switchboard/errors';
import { errors, jwtVerify, SignJWT } from 'jose';

/** Who calls. */
export interface Caller {
  /** A person, bot or service; stands in events and audit. */
  readonly subject: string;
  /** For example `routing.chats:read`, `routing.*`. */
  readonly scopes: readonly string[];
  /** Whose data the caller may see; absent = an internal service that acts for all. */
  readonly organisationId?: string;
  /** The operator it speaks for, and for that one alone; absent for services and bots. */
  readonly operatorId?: string;
  /** The bot it speaks for; absent for people and other services. */
  readonly botId?: string;
}

/** Tells who a bearer token speaks for. Throws `unauthenticated` for a wrong or expired one. */
export type VerifyToken = (token: string) => Promise<Caller>;

export interface TokenClaims {
  readonly subject: string;
  /** Space separated. */
  readonly scope: string;
  readonly organisationId?: string;
  readonly operatorId?: string;
  readonly botId?: string;
  readonly ttlSeconds: number;
}

const ISSUER = 'switchboard';

const keyOf = (secret: string): Uint8Array => {
  if (secret.length < 32) throw new Error('JWT_SECRET must have 32 characters or more');
  return new TextEncoder().encode(secret);
};

/** Signs a token with the installation's own key (HS256). */
export function signToken(
  secret: string,
  { subject, scope, organisationId, operatorId, botId, ttlSeconds }: TokenClaims,
): Promise<string> {
  const claims = {
    scope,
    ...(organisationId !== undefined && { org: organisationId }),
    ...(operatorId !== undefined && { operator_id: operatorId }),
    ...(botId !== undefined && { bot_id: botId }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${ttlSeconds}s`)
    .sign(keyOf(secret));
}

/** Tokens found good are remembered until they expire: a caller sends the same one with every call. */
const MAX_KNOWN = 1_000;

/** Checks tokens that were signed with the installation's own key. */
export function localTokens(secret: string): VerifyToken {
  const key = keyOf(secret);
  const known = new Map<string, { readonly caller: Caller; readonly expires: number }>();

  function remember(token: string, caller: Caller, expires: number): void {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(token, { caller, expires });
  }

  return async (token) => {
    const found = known.get(token);
    if (found && Date.now() < found.expires) return found.caller;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp', 'scope'],
      });
      const { sub = '', exp, scope, org, operator_id: operatorId, bot_id: botId } = payload;
      const caller: Caller = {
        subject: sub,
        scopes: typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : [],
        ...(typeof org === 'string' && { organisationId: org }),
        ...(typeof operatorId === 'string' && { operatorId }),
        ...(typeof botId === 'string' && { botId }),
      };
      remember(token, caller, Number(exp) * 1_000);
      return caller;
    } catch (error) {
      const why =
        error instanceof errors.JWTExpired ? 'the token has expired; get a new one' : 'the token is not valid';
      throw new Failure('unauthenticated', 'auth.invalid-token', why, { cause: error });
    }
  };
}

/** A service's own token for calls to others, signed anew before it expires. */
export function serviceTokens(secret: string, subject: string, scope: string): () => Promise<string> {
  const ttlSeconds = 600;
  let current: { token: Promise<string>; until: number } | undefined;
  return () => {
    const now = Date.now();
    if (!current || now > current.until) {
      current = { token: signToken(secret, { subject, scope, ttlSeconds }), until: now + (ttlSeconds * 1000) / 2 };
    }
    return current.token;
  };
}

/** True when one of the scopes covers what is needed: itself, `service.*` or `*`. */
export function covers(scopes: readonly string[], needed: string): boolean {
  return scopes.some(
    (scope) => scope === needed || scope === '*' || (scope.endsWith('.*') && needed.startsWith(scope.slice(0, -1))),
  );
}
