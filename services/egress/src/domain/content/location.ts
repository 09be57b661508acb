import { aTextOrNone, demand, type Problem } from './problem.js';

/** A place, in degrees. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string;
  readonly address?: string;
}

export interface LocationContent {
  readonly kind: 'location';
  readonly location: Location;
}

/** Source: Meta, *Location messages*. */
export const locationProblems = (at: string, { latitude, longitude, name, address }: Location): Problem[] => [
  ...degrees(`${at}.latitude`, latitude, 90),
  ...degrees(`${at}.longitude`, longitude, 180),
  ...aTextOrNone(`${at}.name`, name),
  ...aTextOrNone(`${at}.address`, address),
];

const degrees = (field: string, value: number, most: number): Problem[] =>
  demand(Math.abs(value) <= most, field, `must be -${most} to ${most} degrees`, 'correct it');
