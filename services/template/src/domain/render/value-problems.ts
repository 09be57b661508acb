import { demand, type Problem } from '../grammar/problem.js';
import { type MediaParameter, type Parameter, type Place } from './parameters.js';
import { type Slot } from './slots.js';

/** Whether a parameter is of the kind that its place wants, and well-formed. */
export function valueProblems(field: string, parameter: Parameter, { kind, maxLength }: Slot): Problem[] {
  const given = parameter.kind === 'media' ? parameter.media.kind : parameter.kind;
  if (given !== kind) {
    return demand(
      false,
      field,
      'parameter-kind',
      `must be ${kind} and is ${given === 'nothing' || given === '' ? 'empty' : given}`,
      `give ${kind}`,
    );
  }
  switch (parameter.kind) {
    case 'text':
    case 'payload':
    case 'coupon_code':
      return textProblems(`${field}.${parameter.kind}`, parameter.value, maxLength);
    case 'media':
      return mediaProblems(`${field}.media`, parameter.media);
    case 'location':
      return placeProblems(`${field}.location`, parameter.location);
    case 'flow':
      return demand(
        parameter.dataJson === '' || isObject(parameter.dataJson),
        `${field}.flow.data_json`,
        'parameter-json',
        'must be a JSON object, or empty',
        'correct it',
      );
    case 'nothing':
      return [];
  }
}

/** Meta takes no line breaks, tabs and more than four spaces in a row in parameters (132018). */
const textProblems = (field: string, text: string, max: number): Problem[] => [
  ...demand(text.trim() !== '', field, 'parameter-missing', 'must not be empty', 'write something'),
  ...demand(
    text.length <= max,
    field,
    'parameter-too-long',
    `must be 1 to ${max} characters and has ${text.length}`,
    'shorten it',
  ),
  ...demand(
    !/[\n\r\t]| {5}/.test(text),
    field,
    'parameter-characters',
    'must be without line breaks, tabs and more than four spaces in a row',
    'put it in one line',
  ),
];

function mediaProblems(field: string, { kind, mediaId, fileId, link, filename }: MediaParameter): Problem[] {
  const sources = [mediaId, fileId, link].filter((each) => each !== '').length;
  return [
    ...demand(
      sources === 1,
      field,
      'parameter-media',
      `must have exactly one of file_id, media_id and link, and has ${sources}`,
      'set one of them',
    ),
    ...demand(
      link === '' || (/^https:\/\/[^\s]+$/.test(link) && URL.canParse(link)),
      `${field}.link`,
      'parameter-media',
      'must be an address that begins with https://',
      'correct it, or upload the file and give its file_id',
    ),
    ...demand(
      filename === '' || kind === 'document',
      `${field}.filename`,
      'parameter-media',
      'must be empty: only documents show a name',
      'leave it out',
    ),
  ];
}

const placeProblems = (field: string, { latitude, longitude, name, address }: Place): Problem[] => [
  ...demand(
    Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180,
    field,
    'parameter-location',
    'must be -90 to 90 degrees of latitude and -180 to 180 of longitude',
    'correct it',
  ),
  ...demand(
    name !== '' && address !== '',
    field,
    'parameter-location',
    'the place of a header must have a name and an address',
    'add them',
  ),
];

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
