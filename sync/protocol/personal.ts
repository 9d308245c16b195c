import { inspect } from 'node:util'

const MASK = '[personal]'

/** Something that names or describes a person and gives its value only when asked by this name. */
export interface Revealable<T> {
  reveal(): T
}

/**
 * What is known of a person at either end of the line. It prints as `[personal]` by every route a log, a template
 * or JSON could take; only `reveal()` gives it, so every use can be found by that name. Drivers, which know neither
 * end, have their own (drivers/personal.ts).
 */
export class Personal<T> implements Revealable<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [Symbol.toPrimitive](): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}
