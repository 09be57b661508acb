/**
 * Other spellings of a phone that people may mean: Brazil's ninth digit, Argentina's 9, Mexico's 1. They help to find and
 * are never identity: the id Meta reports is the key.
 */
export function phoneVariants(phone: string): string[] {
  const digits = phone.replace(/\D/g, '');
  const variants = [digits];
  const swap = (pattern: RegExp, to: string): void => {
    if (pattern.test(digits)) variants.push(digits.replace(pattern, to));
  };
  swap(/^55(\d{2})9(\d{8})$/, '55$1$2');
  swap(/^55(\d{2})(\d{8})$/, '55$1' + '9$2');
  swap(/^549(\d{10})$/, '54$1');
  swap(/^54([1-8]\d{9})$/, '549$1');
  swap(/^521(\d{10})$/, '52$1');
  swap(/^52([2-9]\d{9})$/, '521$1');
  return variants;
}
