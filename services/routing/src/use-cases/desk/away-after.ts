import { nominalMs } from '../../domain/flow/duration.js';
import { defaults } from '../../domain/flow/settings.js';
import type { AwayAfter } from './ports.js';
import type { Flows } from '../settings/flows.js';
import type { Brands } from '../settings/ports.js';

/** The shortest time of the brands an operator answers for; the usual one while they are in no department. */
export const createAwayAfter =
  (deps: { brands: Pick<Brands, 'ofDepartments'>; flows: Pick<Flows, 'current'> }): AwayAfter =>
  async (organisationId, departmentIds) => {
    const flows = await deps.flows.current(deps.brands.ofDepartments(organisationId, departmentIds));
    const times = [...flows.values()].map(({ awayAfter }) => nominalMs(awayAfter));
    return times.length > 0 ? Math.min(...times) : nominalMs(defaults.awayAfter);
  };
