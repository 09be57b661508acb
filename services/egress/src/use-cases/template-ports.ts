import { type FoundTemplate, type TemplateView } from '../domain/template.js';

/** The templates of the installation, as template tells of them. */
export interface Templates {
  /** The highest revision of each holds; in any order, any number of times. */
  readonly note: (templates: readonly TemplateView[]) => Promise<void>;
  readonly find: (waba: string, name: string, language: string) => Promise<FoundTemplate>;
}

/** Template itself, asked for what it has not told yet. */
export interface TemplateDirectory {
  /** Undefined when it has none. `unavailable` while it is away. */
  readonly get: (waba: string, name: string, language: string) => Promise<TemplateView | undefined>;
}
