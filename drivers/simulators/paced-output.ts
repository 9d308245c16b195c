import { monotonicMs } from '../time.ts'
import { slow } from './wire-stages.ts'

/** Sends bytes no faster than a serial line of that speed carries them. */
export class PacedOutput {
  #send: (bytes: Uint8Array) => void
  #baud: number
  #line: ReturnType<typeof slow>
  #timer: NodeJS.Timeout | undefined

  constructor(baud: number, send: (bytes: Uint8Array) => void) {
    this.#send = send
    this.#baud = baud
    this.#line = slow(baud)
  }

  get busy(): boolean {
    return this.#line.heldBytes > 0
  }

  get baud(): number {
    return this.#baud
  }

  /** What still waits goes out at the new speed. */
  set baud(baud: number) {
    const waiting = this.#line.end()
    this.#baud = baud
    this.#line = slow(baud)
    for (const bytes of waiting) this.write(bytes)
  }

  write(bytes: Uint8Array): void {
    this.#line.push(bytes, monotonicMs())
    this.#schedule()
  }

  /** The cable is out: what had not been sent is lost. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#line.forget()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (!this.busy) return
    this.#timer = setTimeout(
      () => {
        const pieces = this.#line.due(monotonicMs())
        this.#schedule()
        for (const piece of pieces) this.#send(piece)
      },
      Math.max(0, this.#line.nextMs() - monotonicMs()),
    )
  }
}
