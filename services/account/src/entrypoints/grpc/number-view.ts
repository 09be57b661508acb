import type { NumberState as NumberStateProto } from '@switchboard/contracts/account/v1/events';
import type { NumberState } from '../../domain/number.js';

/** A number as it is shown and told: one translation for both, handed in by the wiring. */
export type NumberToProto = (phoneNumberId: string, version: number, number: NumberState) => NumberStateProto;
