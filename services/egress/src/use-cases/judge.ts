import { type Content } from '../domain/content.js';
import { gate, later, type Question, type Refusal, type Snapshot, type Verdict, windowClosed } from '../domain/gate.js';
import { noFiles, withFiles } from '../domain/gate/files.js';
import { type UsMarketing } from '../domain/gate/marketing.js';
import { mayCost } from '../domain/may-cost.js';
import { type Payer } from '../domain/money/payer.js';
import { refusedByPayer } from '../domain/money/refused-by-payer.js';
import { type FoundTemplate, type TemplateCategory } from '../domain/template.js';
import { type FindFiles } from './find-files.js';
import { type FindTemplate } from './find-template.js';
import { type Money } from './money/ports.js';
import { type Preferences } from './preference-ports.js';
import { type Clock, type Numbers, type Windows } from './ports.js';

/** A message that wants to go. */
export interface Asked extends Question {
  readonly number: string;
  /** Empty where not known. */
  readonly customer: string;
  /** The customer's last message as whoever asks knows it. */
  readonly lastInboundAt: Date | undefined;
  /** What is sent until then is free. */
  readonly freeEntryUntil?: Date | undefined;
}

export interface Judgement extends Verdict {
  /** The later of what was asked and what egress has seen, as far as it was looked at. */
  readonly lastInboundAt: Date | undefined;
  /** With the version of its template that it was checked against, and with what its files are. */
  readonly content: Content;
  /** Category of its template. */
  readonly category: TemplateCategory | undefined;
  /** It may go, and would wait at present: why, and until when. */
  readonly waits?: Refusal;
}

export type Judge = ReturnType<typeof createJudge>;

/** Asks the gate about messages, with all that is known at this moment (TX-1). */
export function createJudge(deps: {
  numbers: Numbers;
  windows: Windows;
  preferences: Preferences;
  findTemplate: FindTemplate;
  findFiles: FindFiles;
  money: Money;
  usMarketing: UsMarketing;
  clock: Clock;
}) {
  const { numbers, windows, preferences, findTemplate, findFiles, money, usMarketing, clock } = deps;

  const payerOf = ({ number, organisation = numbers.view(number)?.organisation ?? '' }: Asked): Payer | undefined =>
    money?.payers.of(number, organisation);

  async function templateOf({ number, content }: Asked, whenAway: 'throw' | 'unchecked'): Promise<FoundTemplate> {
    const waba = numbers.view(number)?.waba;
    return content.kind === 'template' && waba !== undefined
      ? findTemplate(waba, content, whenAway)
      : { kind: 'unchecked' };
  }

  /** Windows are read for those alone who would be refused without, or for all. */
  async function seenOf(
    all: readonly Asked[],
    snapshots: readonly Snapshot[],
    looks: 'if-closed' | 'always',
  ): Promise<ReadonlyMap<Asked, Date | undefined>> {
    const open = all.filter((asked, index) => {
      const snapshot = snapshots[index];
      if (asked.customer === '' || !snapshot) return false;
      return looks === 'always' || gate(snapshot, asked).refusal === windowClosed;
    });
    const seen = open.length > 0 ? await windows.lastInbound(open) : [];
    return new Map(open.map((asked, index) => [asked, seen[index]]));
  }

  return async function judge(
    all: readonly Asked[],
    {
      looks = 'if-closed',
      whenAway = 'throw',
      whoPays = 'looked-at',
    }: {
      looks?: 'if-closed' | 'always';
      whenAway?: 'throw' | 'unchecked';
      /** At dispatch the hold says it, exactly. */
      whoPays?: 'looked-at' | 'held-later';
    } = {},
  ): Promise<readonly Judgement[]> {
    if (all.length === 0) return [];
    const [customers, files, templates] = await Promise.all([
      preferences.of(all),
      findFiles(all),
      Promise.all(all.map((asked) => templateOf(asked, whenAway))),
    ]);
    const now = clock.now();
    const snapshots = all.map(({ number, lastInboundAt }, index): Snapshot => ({
      number: numbers.view(number),
      lastInboundAt,
      template: templates[index] ?? { kind: 'unchecked' },
      files: files[index] ?? noFiles,
      customer: customers[index] ?? { isBlocked: false, hasStoppedMarketing: false },
      usMarketing,
      now,
    }));
    const seen = await seenOf(all, snapshots, looks);
    return all.map((asked, index): Judgement => {
      const snapshot = snapshots[index];
      if (!snapshot) throw new Error('a message was asked about and has no snapshot');
      const lastInboundAt = later(asked.lastInboundAt, seen.get(asked));
      const content = withFiles(asked.content, snapshot.files);
      const template = snapshot.template.kind === 'found' ? snapshot.template.template : undefined;
      const verdict = gate({ ...snapshot, lastInboundAt }, asked);
      const payer = whoPays === 'looked-at' ? payerOf(asked) : undefined;
      const category = template?.category ?? asked.acceptedAs;
      const question = { ...asked, ...verdict, category, freeEntryUntil: asked.freeEntryUntil };
      const unpaid = payer && mayCost(question, now, payer) ? refusedByPayer(payer) : undefined;
      return {
        ...verdict,
        refusal: verdict.refusal ?? unpaid,
        lastInboundAt,
        content: template && content.kind === 'template' ? { ...content, version: template.version } : content,
        category: template?.category,
      };
    });
  };
}
