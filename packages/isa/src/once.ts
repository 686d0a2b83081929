/** A value that is made when it is first asked for: most programs that load this package never need some of its tables. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
