/** What a driver did that a real device would not have understood: each is a defect of the driver. */
export class Misuse {
  readonly errors: string[] = []
  #listener: ((error: string) => void) | undefined

  constructor(listener?: (error: string) => void) {
    this.#listener = listener
  }

  record(error: string): void {
    this.errors.push(error)
    this.#listener?.(error)
  }
}
