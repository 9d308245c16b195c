/** A simulator that is left running for days must not grow; a test looks at a handful. */
const KEPT_ERRORS = 1000

/** What a driver did that a real device would not have understood: each is a defect of the driver. */
export class Misuse {
  /** The last ones, oldest first. */
  readonly errors: string[] = []
  #listener: ((error: string) => void) | undefined

  constructor(listener?: (error: string) => void) {
    this.#listener = listener
  }

  record(error: string): void {
    this.errors.push(error)
    if (this.errors.length > KEPT_ERRORS) this.errors.shift()
    this.#listener?.(error)
  }
}
