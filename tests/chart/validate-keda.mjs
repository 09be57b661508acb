// Reads a JSON array of KEDA objects from standard input and prints what is wrong with each. A process of its own,
// because the models exist as ES modules only.
import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { text } from 'node:stream/consumers';

for (const object of JSON.parse(await text(process.stdin))) {
  try {
    new keda[object.kind](object).validate();
  } catch (error) {
    console.log(`${object.kind} ${object.metadata.name}: ${error.message}`);
  }
}
