import type { ProfanitySettings } from '../../domain/flow/settings.js';
import { createScanner, type Scanner } from '../../domain/profanity/scanner.js';
import type { Scan } from '../ports.js';

/** Looks for the words of a brand's lists. A scanner is made once for each version of its settings: it takes a while. */
export function createScan(): Scan {
  const scanners = new WeakMap<ProfanitySettings, Scanner>();
  return function scan(settings, text) {
    let scanner = scanners.get(settings);
    if (!scanner) {
      const { languages: lists, words, allowedWords: allowed } = settings;
      scanner = createScanner({ lists, words, allowed });
      scanners.set(settings, scanner);
    }
    return scanner.scan(text);
  };
}
