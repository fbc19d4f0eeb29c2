/** A size as Kubernetes writes it, whole and with one unit at most: a subset of its quantities that is exact in bytes. */
export const quantityPattern = '^[1-9][0-9]{0,11}(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$';

const units = ['', 'k', 'M', 'G', 'T', 'P'];
const expression = new RegExp(quantityPattern);

/** The bytes of a size, exact, or `undefined` for what does not match `quantityPattern`. */
export function parseQuantity(text: string): bigint | undefined {
  if (!expression.test(text)) return undefined;
  const unit = text.replace(/^\d+/, '');
  const base = unit.endsWith('i') ? 1024n : 1000n;
  const power = units.indexOf(unit.replace('i', '').replace('K', 'k'));
  return BigInt(text.slice(0, text.length - unit.length)) * base ** BigInt(power);
}

const largestFirst = ['Pi', 'P', 'Ti', 'T', 'Gi', 'G', 'Mi', 'M', 'Ki', 'k', ''];
const mostDigits = 12;

/** A size of at least so many bytes, and of one: exact unless that takes more than twelve digits, then less than a millionth more. */
export function writeQuantity(bytes: bigint): string {
  const wanted = bytes < 1n ? 1n : bytes;
  const written = (unit: string, round: bigint): string => `${(wanted + round) / (parseQuantity(`1${unit}`) ?? 1n)}${unit}`;
  const exact = largestFirst.find((unit) => parseQuantity(written(unit, 0n)) === wanted);
  if (exact !== undefined) return written(exact, 0n);
  const [unit = ''] = largestFirst.toReversed().filter((one) => written(one, 0n).length - one.length < mostDigits);
  return written(unit, (parseQuantity(`1${unit}`) ?? 1n) - 1n);
}

/** True unless both are sizes and the first is the larger. */
export function isAtMost(size: string, bound: string): boolean {
  const [left, right] = [parseQuantity(size), parseQuantity(bound)];
  return left === undefined || right === undefined || left <= right;
}
