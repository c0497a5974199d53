/** Closes a `switch` over a union: a new member that nobody handles becomes a type error here. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unhandled ${what}: ${JSON.stringify(value)}`);
}
