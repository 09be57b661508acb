import { type Micros, smaller } from '../money.js';
import { type Book, createBook } from './book.js';
import { type Flag, type MessageCost } from './entry.js';
import {
  type Event,
  type ResolutionAsked,
  type ResolutionOutcome,
  type Resolve,
  type ResolvedAmount,
} from './inputs.js';
import { createKnown, type Held, type Resolution } from './known.js';
import { monthOf, type Wallet } from './wallet.js';

/**
 * Ends holds: one resolution each, whatever comes in which order and how often. What Meta delivered is charged as Meta says,
 * also when the hold is gone or never was; that alone may bring what is available below zero, and is flagged (BL-8).
 */
export function resolveAll(
  wallet: Wallet,
  input: Resolve,
): { wallet: Wallet; outcomes: ResolutionOutcome[]; events: Event[] } {
  const known = createKnown(
    wallet,
    input.lookup,
    input.resolutions.map(({ id }) => id),
  );
  const book = createBook(wallet, known, input);
  const resolved: ResolvedAmount[] = [];
  const differences: Event[] = [];
  let spent = wallet.spent;

  const outcomes = input.resolutions.map((asked): ResolutionOutcome => {
    const { id } = asked;
    const held = known.hold(id);
    const step = nextStep(held, asked);
    if (step === 'nothing') {
      const resolution = held?.resolution;
      return resolution ? { id, known: true, resolution } : { id, known: false };
    }
    const flags = step(book, asked, held);
    const now = known.hold(id);
    const resolution = now?.resolution;
    if (!resolution) throw new Error(`the hold ${id} was resolved and is not`);
    resolved.push({ id, outcome: resolution.outcome, amount: resolution.amount, flags });
    spent = given(spent, held, resolution, now.message);
    const isFree = asked.how === 'charge' && resolution.outcome === 'released';
    if (held?.heldAt && (isFree || flags.includes('repriced'))) {
      differences.push({ kind: 'price-differed', at: input.at, id, held: held.amount, charged: resolution.amount });
    }
    return { id, known: true, resolution };
  });

  const events: Event[] = resolved.length > 0 ? [{ kind: 'holds-resolved', at: input.at, resolutions: resolved }] : [];
  return { wallet: { ...book.close(), spent }, outcomes, events: [...events, ...differences] };
}

type Step = (book: Book, asked: ResolutionAsked, held: Held | undefined) => readonly Flag[];

function nextStep(held: Held | undefined, { how }: ResolutionAsked): Step | 'nothing' {
  const outcome = held?.resolution?.outcome;
  const isGone = outcome === 'released' || outcome === 'expired';
  if (how === 'charge') return !held ? capture : !outcome ? settle : isGone ? capture : 'nothing';
  if (how === 'settle') return !held ? 'nothing' : !outcome ? settle : isGone && held.heldAt ? capture : 'nothing';
  if (how === 'drop') return held?.heldAt && !outcome ? release : 'nothing';
  // A release that comes before its hold is remembered, so that the hold is refused.
  return !outcome ? release : 'nothing';
}

const settle: Step = (book, asked, held) => {
  const { id } = asked;
  if (!held) throw new Error(`the hold ${id} is settled and is not there`);
  const about = { reference: id, message: chargedAs(asked, held) };
  const charged = asked.amount ?? held.amount;
  if (charged === 0n) return release(book, asked, held);
  // A service charges at most what it held; Meta charges what it charges.
  const amount = asked.how === 'settle' ? smaller(charged, held.amount) : charged;
  const fromHold = smaller(amount, held.amount);
  const flags = flagsOf(asked, amount === held.amount || asked.how === 'settle' ? [] : ['repriced']);
  book.write({ ...about, id: `${id}:resolve`, kind: 'settle', from: 'holds', to: 'revenue', amount: fromHold, flags });
  if (amount > fromHold) {
    const more = amount - fromHold;
    book.write({ ...about, id: `${id}:more`, kind: 'capture', from: 'credits', to: 'revenue', amount: more, flags });
  }
  const rest = held.amount - fromHold;
  if (rest > 0n)
    book.write({ ...about, id: `${id}:rest`, kind: 'release', from: 'holds', to: 'credits', amount: rest });
  writeCost(book, asked, about.message);
  return flags;
};

/** Delivered after the hold was gone, or without one: charged from what is available, which may go below zero. */
const capture: Step = (book, asked, held) => {
  const { id } = asked;
  const message = chargedAs(asked, held);
  const flags = flagsOf(asked, [held?.heldAt ? 'late' : 'unheld']);
  const amount = asked.amount ?? held?.amount ?? 0n;
  const kind = 'capture';
  book.write({ id: `${id}:capture`, kind, from: 'credits', to: 'revenue', amount, reference: id, message, flags });
  writeCost(book, asked, message);
  return flags;
};

/** What was held, in the category that Meta charges (BL-4), and when it was delivered. */
function chargedAs({ how, message }: ResolutionAsked, held: Held | undefined): MessageCost | null {
  if (!held?.message || how !== 'charge' || !message) return held?.message ?? message;
  const { category, deliveredAt } = message;
  return { ...held.message, ...(category !== '' && { category }), ...(deliveredAt && { deliveredAt }) };
}

const release: Step = (book, { id, how, message }, held) => {
  const kind = how === 'expire' ? 'expire' : 'release';
  const amount = held?.amount ?? 0n;
  const about = { reference: id, message: held?.message ?? message };
  book.write({ ...about, id: `${id}:resolve`, kind, from: 'holds', to: 'credits', amount });
  return [];
};

function writeCost(book: Book, { id, cost }: ResolutionAsked, message: MessageCost | null): void {
  if (!cost) return;
  book.write({
    id: `${id}:cost`,
    kind: 'cost',
    from: 'revenue',
    to: 'meta_cost',
    amount: cost,
    reference: id,
    message,
  });
}

const flagsOf = ({ doubled }: ResolutionAsked, flags: readonly Flag[]): Flag[] => [
  ...flags,
  ...(doubled ? (['doubled'] as const) : []),
];

/** What a brand has spent follows what was charged, in the month it was held. */
function given(
  spent: Wallet['spent'],
  held: Held | undefined,
  { amount }: Resolution,
  message: MessageCost | null,
): Wallet['spent'] {
  const brand = message?.brand;
  const found = brand ? spent[brand] : undefined;
  if (!brand || !found || !held?.heldAt || found.month !== monthOf(held.heldAt)) return spent;
  // A late capture is charged again after its release gave it back.
  const before: Micros = held.resolution ? 0n : held.amount;
  return { ...spent, [brand]: { ...found, amount: found.amount + amount - before } };
}
