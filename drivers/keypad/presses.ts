/**
 * Which press counts: the first one while a rating is open, and only when nothing else is pressed with it. Pure
 * but for being told when the debounce is over.
 */
export class PressJudge {
  #state: 'rest' | 'open' | 'held' | 'mixed' = 'rest'
  #key = 0
  #ignored = 0

  /** Presses that were nothing: at rest, late, bounces, repeated reports, several keys at once. */
  get ignored(): number {
    return this.#ignored
  }

  /** A rating waits for its press. */
  get isOpen(): boolean {
    return this.#state !== 'rest'
  }

  /** Nothing has been pressed yet. */
  get isWaiting(): boolean {
    return this.#state === 'open'
  }

  /** A press that was still being looked at belonged to whatever was open before. */
  open(): void {
    this.#drop()
    this.#state = 'open'
  }

  close(): void {
    this.#drop()
    this.#state = 'rest'
  }

  /** A press that answers nothing, whatever is open. */
  ignore(): void {
    this.#ignored += 1
  }

  /** True: from now on, nothing but this is to come for the debounce's time, then `settle` says what it was. */
  press(key: number): boolean {
    if (this.#state === 'open') {
      this.#state = 'held'
      this.#key = key
      return true
    }
    this.#ignored += 1
    if (this.#state === 'rest' || (this.#state === 'held' && this.#key === key)) return false
    // Two keys: the first is none any more either, and the hand has to be gone before a third can count.
    if (this.#state === 'held') this.#ignored += 1
    this.#state = 'mixed'
    return true
  }

  /** The key that counts; undefined when several were pressed, and the rating is still open. */
  settle(): number | undefined {
    if (this.#state === 'held') {
      this.#state = 'rest'
      return this.#key
    }
    if (this.#state === 'mixed') this.#state = 'open'
    return undefined
  }

  #drop(): void {
    if (this.#state === 'held') this.#ignored += 1
  }
}
