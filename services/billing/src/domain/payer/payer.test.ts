import { choosePayer, type Candidate } from './choose.js';
import { foldPayer, type Input } from './fold.js';
import { freeServiceLeft, newsOf, noPayer, type Payer } from './payer.js';

const at = new Date('2026-11-26T12:00:00Z');

function after(...inputs: Input[]) {
  let payer: Payer = noPayer();
  const news: boolean[] = [];
  for (const input of inputs) {
    const folded = foldPayer(payer, input);
    payer = folded.payer;
    news.push(folded.isNews);
  }
  return { payer, news };
}

const told = (organisation: string, version = 1): Input => ({
  kind: 'told',
  version,
  organisation,
  brand: 'b',
  waba: '10',
  portfolio: '20',
  at,
});
const settled = (wallet: string, hasCredit = true): Input => ({ kind: 'settle', wallet, hasCredit, at });
const delivered = (ids: readonly string[], more: { at?: Date; isCharged?: boolean } = {}): Input => ({
  kind: 'delivered',
  messages: ids.map((id) => ({ id, at, isCharged: false, ...more })),
  at: more.at ?? at,
});
const many = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `m${from + index}`);

describe('the payer of a number', () => {
  it('BL-8 says who pays and whether something is left, once per change', () => {
    const { payer, news } = after(told('acme'), settled('main'), settled('main'), settled('main', false));

    expect(news).toEqual([true, true, false, true]);
    expect(newsOf(payer)).toMatchObject({ organisation: 'acme', wallet: 'main', hasCredit: false });
  });

  it('SE-1 forgets the wallet and the choice of the organisation it leaves', () => {
    const assign: Input = { kind: 'assign', wallet: 'own', timeZone: 'UTC', at };

    const { payer } = after(told('acme'), assign, settled('own'), told('globex', 2));

    expect(payer).toMatchObject({ organisation: 'globex', wallet: '', assigned: '', hasCredit: false });
  });

  it('takes no older word of account than the one it has', () => {
    expect(after(told('globex', 2), told('acme', 1)).payer.organisation).toBe('globex');
  });

  it('BL-4 says from when on service messages cost, by the midnight of its zone', () => {
    const { payer } = after(told('acme'), { kind: 'assign', wallet: '', timeZone: 'America/Sao_Paulo', at });

    expect(newsOf(payer)).toMatchObject({
      serviceChargedSince: new Date('2026-10-01T03:00:00Z'),
      utilityInWindowChargedSince: new Date('2026-10-01T03:00:00Z'),
      freeServiceMessages: 1_000,
      freeServiceLeft: 1_000,
      allowanceEndsAt: new Date('2026-12-01T03:00:00Z'),
    });
  });
});

describe('the allowance of a number', () => {
  it('BL-4 is 1,000 delivered service messages a month: after number 1,000 nothing is left', () => {
    const at999 = after(told('acme'), delivered(many(999))).payer;
    const at1000 = foldPayer(at999, delivered(['last'])).payer;

    expect([freeServiceLeft(at999), freeServiceLeft(at1000)]).toEqual([1, 0]);
  });

  it('BL-4 counts a message once, however often it is told of', () => {
    const { payer } = after(told('acme'), delivered(['a', 'b', 'a']), delivered(['b', 'a']));

    expect(freeServiceLeft(payer)).toBe(998);
  });

  it('BL-4 is used up when Meta charges one, whatever was counted; and stays so for the month', () => {
    const { payer } = after(told('acme'), delivered(['a'], { isCharged: true }), delivered(['b']));

    expect(freeServiceLeft(payer)).toBe(0);
  });

  it('BL-4 begins anew with the month of the zone; what comes late counts for none', () => {
    const december = new Date('2026-12-02T00:00:00Z');
    const { payer } = after(told('acme'), delivered(many(1_000)), delivered(['new'], { at: december }), {
      ...delivered(['late']),
      at: december,
    });

    expect(payer.month).toBe('2026-12');
    expect(freeServiceLeft(payer)).toBe(999);
  });

  it('is told in steps, and never more than is left', () => {
    const { payer, news } = after(told('acme'), delivered(many(1)), delivered(many(20, 1)), delivered(many(5, 21)));

    expect(news).toEqual([true, true, false, true]);
    expect(freeServiceLeft(payer)).toBe(974);
    expect(newsOf(payer).freeServiceLeft).toBe(950);
  });
});

describe('which wallet pays', () => {
  const wallet = (walletId: string, more: Partial<Candidate> = {}): Candidate => ({
    walletId,
    organisation: 'acme',
    kind: 'standalone',
    hasCredit: true,
    ...more,
  });
  const of = (assigned = '', ofBrand = '') => ({ organisation: 'acme', assigned, ofBrand });

  it.each<[string, ReturnType<typeof of>, Candidate[], string]>([
    ['the only standalone one', of(), [wallet('a'), wallet('bundle', { kind: 'bundle' })], 'a'],
    ['none of two', of(), [wallet('a'), wallet('b')], ''],
    ['none, where there is only a bundle that nobody chose', of(), [wallet('bundle', { kind: 'bundle' })], ''],
    [
      'the brand’s before the only one',
      of('', 'bundle'),
      [wallet('a'), wallet('bundle', { kind: 'bundle' })],
      'bundle',
    ],
    ['the number’s before the brand’s', of('b', 'a'), [wallet('a'), wallet('b')], 'b'],
    ['the brand’s, where the number’s is gone', of('gone', 'a'), [wallet('a'), wallet('b')], 'a'],
    ['SE-1 never another organisation’s', of('x'), [wallet('x', { organisation: 'globex' })], ''],
  ])('BL-6 %s', (_what, number, wallets, expected) => {
    expect(choosePayer(number, wallets).wallet).toBe(expected);
  });

  it('BL-6 nobody’s number has none', () => {
    expect(choosePayer({ organisation: '', assigned: 'a', ofBrand: '' }, [wallet('a')]).wallet).toBe('');
  });
});
