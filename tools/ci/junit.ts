/** How many test cases of a JUnit report passed, failed and were skipped. */
export interface CaseCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const ATTRIBUTES = `(?:[^>"']|"[^"]*"|'[^']*')*?`;
const TAG = new RegExp(`<(/?)(testcase|failure|error|skipped)(?=[\\s/>])${ATTRIBUTES}(/?)>`, "g");

/**
 * Counts the `testcase` elements of a JUnit report. Text in CDATA sections and comments is passed over.
 * @returns null when there is no test case, as in the report of a program that wrote none.
 */
export function countCases(xml: string): CaseCount | null {
  const count = { passed: 0, failed: 0, skipped: 0 };
  let verdict: keyof CaseCount | null = null;
  const close = () => {
    if (verdict !== null) count[verdict]++;
    verdict = null;
  };
  for (const [, slash, name, empty] of xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, "").matchAll(TAG)) {
    if (name === "testcase") {
      close();
      if (slash === "") verdict = "passed";
      if (empty === "/") close();
    } else if (verdict !== null && slash === "") {
      verdict = name === "skipped" ? "skipped" : "failed";
    }
  }
  close();
  return count.passed + count.failed + count.skipped === 0 ? null : count;
}
