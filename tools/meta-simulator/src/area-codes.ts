/** Area codes of +1 that are not of the United States, by country. Its small territories count as United States. */
// prettier-ignore
const elsewhere: Readonly<Record<string, string>> = {
  CA: `204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506
    514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942`,
  AG: '268', AI: '264', BB: '246', BM: '441', BS: '242', DM: '767', DO: '809 829 849', GD: '473', JM: '658 876',
  KN: '869', KY: '345', LC: '758', MS: '664', PR: '787 939', SX: '721', TC: '649', TT: '868', VC: '784', VG: '284',
};

const countryByArea = new Map(
  Object.entries(elsewhere).flatMap(([country, codes]) => codes.split(/\s+/).map((code) => [code, country] as const)),
);

/** The country of a number that begins with 1. */
export const countryOfArea = (digits: string): string => countryByArea.get(digits.slice(1, 4)) ?? 'US';
