import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { type Sleep, type TemplateIdOf } from '../../use-cases/ports.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Half a SHA-256: two templates with one id are not to be expected. */
export const templateIdOf: TemplateIdOf = (wabaId, name, language) =>
  digest(JSON.stringify([wabaId, name, language]))
    .toString('hex')
    .slice(0, 32);

/** Spreads what happens regularly: the same for the same text, below `within`. */
export const offsetOf = (text: string, within: number): number => digest(text).readUInt32BE(0) % within;

export const sleep: Sleep = (ms, signal) => after(ms, undefined, { signal });
