import { Arbitrary, stream, Value, type Stream } from "fast-check";

/**
 * An arbitrary of one given value that shrinks by the given reductions: how a hand-picked value is shrunk by the same runner as
 * a generated one. Each reduction must be smaller in some sense, or shrinking need not end.
 */
export function reducible<T>(value: T, reductions: (value: T) => Iterable<T>): Arbitrary<T> {
  return new Reducible(value, reductions);
}

class Reducible<T> extends Arbitrary<T> {
  readonly #value: T;
  readonly #reductions: (value: T) => Iterable<T>;

  constructor(value: T, reductions: (value: T) => Iterable<T>) {
    super();
    this.#value = value;
    this.#reductions = reductions;
  }

  override generate(): Value<T> {
    return new Value(this.#value, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return value === this.#value;
  }

  override shrink(value: T): Stream<Value<T>> {
    return stream(lazily(this.#reductions(value)));
  }
}

function* lazily<T>(values: Iterable<T>): IterableIterator<Value<T>> {
  for (const value of values) yield new Value(value, undefined);
}
