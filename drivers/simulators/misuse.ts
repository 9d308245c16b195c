/** A simulator that is left running for days must not grow; a test looks at a handful. */
const KEPT_ERRORS = 1000

/** What a driver did that a real device would not have understood: each is a defect of the driver. */
export class Misuse {
  /** The last ones, oldest first. */
  readonly errors: string[] = []
  #listener: ((error: string) => void) | undefined
  #isExcused = (): boolean => false

  constructor(listener?: (error: string) => void) {
    this.#listener = listener
  }

  /** Nothing is recorded while that is so: the driver did no wrong, its bytes were damaged on the way. */
  excuse(isExcused: () => boolean): void {
    this.#isExcused = isExcused
  }

  record(error: string): void {
    if (this.#isExcused()) return
    this.errors.push(error)
    if (this.errors.length > KEPT_ERRORS) this.errors.shift()
    this.#listener?.(error)
  }
}
