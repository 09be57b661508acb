import { type Micros } from '../money.js';
import { type Balances, noBalances } from './accounts.js';
import { type Entry } from './entry.js';

/** The aggregate: settings, balances, and the newest entries. One writer at a time, so that nothing is spent twice. */
export interface Wallet {
  /** Empty until it is made. */
  readonly organisation: string;
  readonly name: string;
  readonly kind: 'standalone' | 'bundle';
  /** Of a bundle: services that may spend beside egress (BL-6). */
  readonly services: readonly string[];
  readonly lowMark: Micros;
  readonly noticeEmails: readonly string[];
  readonly recharge: Recharge | null;
  /** Brand → what it may spend in a calendar month (UTC). */
  readonly budgets: Readonly<Record<string, Micros>>;
  readonly settingsVersion: number;
  readonly createdAt: Date;

  readonly balances: Balances;
  /** Sequence of the last entry. */
  readonly entries: number;
  /** The entries behind `tailFrom`, in order. Those before are in the projection, which is why they may leave. */
  readonly tail: readonly Entry[];
  readonly tailFrom: number;
  /** Brand → spent or held in a month, `2026-11`. */
  readonly spent: Readonly<Record<string, { readonly month: string; readonly amount: Micros }>>;
  /** Day → version of the timer that ends the holds made on it. */
  readonly expiries: Readonly<Record<string, number>>;
  /** Notices are given once, until the balance has risen again. */
  readonly told: { readonly low: boolean; readonly empty: boolean; readonly recharge: boolean };
}

export interface Recharge {
  readonly below: Micros;
  readonly credits: number;
  readonly providerCustomer: string;
  readonly maxPerMonth: number;
}

export const noWallet = (): Wallet => ({
  organisation: '',
  name: '',
  kind: 'standalone',
  services: [],
  lowMark: 0n,
  noticeEmails: [],
  recharge: null,
  budgets: {},
  settingsVersion: 0,
  createdAt: new Date(0),
  balances: noBalances,
  entries: 0,
  tail: [],
  tailFrom: 0,
  spent: {},
  expiries: {},
  told: { low: false, empty: false, recharge: false },
});

/** Whether a service may spend from it (BL-6). Messages are sent by egress, which always may. */
export const maySpend = ({ kind, services }: Wallet, service: string): boolean =>
  service === 'egress' || (kind === 'bundle' && services.includes(service));

/** `2026-11`, UTC. */
export const monthOf = (at: Date): string => at.toISOString().slice(0, 7);
