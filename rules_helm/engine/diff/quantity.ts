const suffixes: Readonly<Record<string, readonly [base: bigint, exponent: number]>> = {
  "": [10n, 0],
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};

/**
 * A quantity of Kubernetes (`500m`, `0.5Gi`, `1e3`, 2) in billionths, exactly; what is finer is rounded up, as Kubernetes does.
 * Undefined for what is no quantity. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function billionths(text: string | number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(text));
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  const scale = exponent === undefined ? suffixes[suffix] : ([10n, Number(exponent)] as const);
  if (whole + fraction === "" || scale === undefined) return undefined;
  const [base, power] = scale;
  let above = BigInt(whole + fraction) * 1_000_000_000n;
  let below = 10n ** BigInt(fraction.length);
  if (power < 0) below *= base ** BigInt(-power);
  else above *= base ** BigInt(power);
  const size = (above + below - 1n) / below;
  return sign === "-" ? -size : size;
}

/** Whether two quantities are the same amount; false when one of them is none. */
export function sameQuantity(a: string | number, b: string | number): boolean {
  const amount = billionths(a);
  return amount !== undefined && amount === billionths(b);
}
