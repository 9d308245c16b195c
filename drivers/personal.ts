import { inspect } from 'node:util'

const MASK = '[personal]'

/**
 * A value that names or describes a person. It prints as `[personal]` by every route a log, a template, a
 * debugger or JSON could take; only `reveal()` gives the value, so every use can be found by that name.
 */
export class Personal<T> {
  #value: T

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
