/** What an outside system says of a person, or is asked about one: it prints as `[personal]` by every route. */
import { inspect } from 'node:util'
import type { Revealable } from '../../protocol/sealing.ts'

const MASK = '[personal]'

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
