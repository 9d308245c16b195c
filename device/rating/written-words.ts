import { Personal } from '../../drivers/personal.ts'

const NOTHING = new Personal('')

/**
 * What a citizen writes beside the labels of the open question: in plain for the page, as a JWE for the store and the
 * hall. Of two writings at once the later stands.
 */
export class WrittenWords {
  /** Whether the page to write on stands in the place of the labels. */
  writing = false
  readonly #seal: (text: string) => Promise<string>
  #text = NOTHING
  #comment: string | null = null
  #turn = 0

  constructor(seal: (text: string) => Promise<string>) {
    this.#seal = seal
  }

  get text(): string {
    return this.#text.reveal()
  }

  /** A JWE; null where nothing was written. */
  get comment(): string | null {
    return this.#comment
  }

  /** A JWE; null for words that are none. */
  async sealed(text: string): Promise<string | null> {
    const words = text.trim()
    return words === '' ? null : await this.#seal(words)
  }

  /**
   * @param keep writes the JWE down; not called where the words were wiped meanwhile, or written anew
   * @throws what `keep` throws; then the words stand as they did
   */
  async write(text: string, keep: (comment: string | null) => void): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    const comment = await this.sealed(text)
    if (turn !== this.#turn) return
    keep(comment)
    this.#text = new Personal(text)
    this.#comment = comment
  }

  /** Nothing of them stays, and nothing that is still being sealed comes any more. */
  wipe(): void {
    this.#turn += 1
    this.#text = NOTHING
    this.#comment = null
    this.writing = false
  }
}
