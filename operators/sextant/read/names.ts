const stateNames =
  "Unknown State Phase Context Status Handlers Refused Evidence Recorded Observer Registry Object Kept Transition SpentStateError TypeError Symbol Array Number String Boolean Error Promise Readonly Record Exclude KEY RULES STATES TRANSITIONS RETRIES Trial".split(
    " ",
  );
const memberNames =
  "phase spent stateEnteredAt attempts failed constructor prototype toString toJSON valueOf then nowMs hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString".split(
    " ",
  );

/** Why a state cannot have this name, if it cannot. */
export function stateNameProblem(name: string): string | undefined {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name))
    return `"${name}": expected a name such as CreatingDns (letters and digits, a capital first)`;
  return stateNames.includes(name) ? `"${name}" is reserved for generated code; choose another name` : undefined;
}

/** Why an action cannot have this name, if it cannot. Its method begins with a small letter. */
export function actionNameProblem(name: string): string | undefined {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name))
    return `"${name}": expected a name such as StartCreation (letters and digits, a capital first)`;
  const method = methodName(name);
  return memberNames.includes(method)
    ? `"${name}": ${method} is reserved for generated code; choose another name`
    : undefined;
}

/** Why a field, parameter or part of the context cannot have this name, if it cannot. */
export function fieldNameProblem(name: string): string | undefined {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name))
    return `"${name}": expected a name such as requestID (letters and digits, a small letter first)`;
  return memberNames.includes(name) ? `"${name}" is reserved for generated code; choose another name` : undefined;
}

/** The method of an action: StartCreation → startCreation. */
export const methodName = (action: string): string => action.charAt(0).toLowerCase() + action.slice(1);
