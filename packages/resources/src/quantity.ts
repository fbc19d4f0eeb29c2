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

/** True unless both are sizes and the first is the larger. */
export function isAtMost(size: string, bound: string): boolean {
  const [left, right] = [parseQuantity(size), parseQuantity(bound)];
  return left === undefined || right === undefined || left <= right;
}
