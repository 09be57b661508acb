import { Refused } from '../errors.js';
import type { Json } from '../json.js';

/** What kind of object it is, and which of its fields are told when none are asked for. */
export interface Node {
  readonly type: string;
  readonly usual: readonly string[];
  /** Fields that exist and have no value here; Meta leaves those out of its answers. */
  readonly empty: ReadonlySet<string>;
}

/** The chosen fields; sub-fields in braces are not told apart. @throws Refused 100 for a field that does not exist. */
export function pick(all: Json, fields: string | undefined, node: Node): Json {
  const names = fields ? topLevel(fields).split(',').map((name) => name.trim()) : node.usual; // prettier-ignore
  const unknown = names.find((name) => !(name in all) && !node.empty.has(name));
  if (unknown !== undefined) {
    throw new Refused(100, {
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (${node.type})`,
    });
  }
  const chosen = names.filter((name) => name !== 'id' && all[name] !== undefined);
  return Object.fromEntries([...chosen, 'id'].map((name) => [name, all[name]]));
}

function topLevel(fields: string): string {
  const without = fields.replace(/\{[^{}]*\}/g, '');
  return without === fields ? fields : topLevel(without);
}
