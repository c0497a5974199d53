/** Closes a `switch` over a union: a new member that nobody handles becomes a type error here. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unhandled ${what}: ${JSON.stringify(value)}`);
}

/** Turns `undefined`/`null` into an error that says why the value had to be there. */
export function requirePresent<Value>(reason: string, value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error(reason);
  return value;
}
