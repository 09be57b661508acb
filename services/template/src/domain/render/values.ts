import { isPosition, placeholdersIn } from '../grammar/placeholders.js';
import { type Component, type Parameter } from './parameters.js';

/** What stands for the placeholders of a text; positional ones in their order. */
export function valuesFor(
  components: readonly Component[],
  kind: 'header' | 'body',
  text: string,
): ReadonlyMap<string, string> {
  const parameters = components.find((each) => each.kind === kind)?.parameters ?? [];
  const names = placeholdersIn(text);
  return new Map(
    names.map((name, index) => {
      const parameter = isPosition(name) ? parameters[index] : parameters.find((each) => each.name === name);
      return [name, textOf(parameter)];
    }),
  );
}

export const textOf = (parameter: Parameter | undefined): string =>
  parameter && 'value' in parameter ? parameter.value : '';
