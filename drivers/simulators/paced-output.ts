/** 8 data bits with start and stop bit. */
const BITS_PER_BYTE = 10
/** How often bytes are handed over; small against a frame, so that frames arrive in pieces as from a cable. */
const TICK_MS = 4

/** Sends bytes no faster than a serial line of that speed carries them. */
export class PacedOutput {
  #send: (bytes: Uint8Array) => void
  #queue: Uint8Array = new Uint8Array(0)
  #timer: NodeJS.Timeout | undefined
  #startedMs = 0
  #sent = 0
  baud: number

  constructor(baud: number, send: (bytes: Uint8Array) => void) {
    this.baud = baud
    this.#send = send
  }

  get busy(): boolean {
    return this.#queue.length > 0
  }

  write(bytes: Uint8Array): void {
    this.#queue = Uint8Array.from(Buffer.concat([this.#queue, bytes]))
    if (this.#timer !== undefined) return
    this.#startedMs = performance.now()
    this.#sent = 0
    this.#schedule()
  }

  /** The cable is out: what had not been sent is lost. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#queue = new Uint8Array(0)
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      const due =
        Math.floor(((performance.now() - this.#startedMs) * this.baud) / (BITS_PER_BYTE * 1000)) - this.#sent
      const part = this.#queue.subarray(0, due)
      this.#queue = this.#queue.slice(part.length)
      this.#sent += part.length
      this.#timer = undefined
      if (this.#queue.length > 0) this.#schedule()
      if (part.length > 0) this.#send(part)
    }, TICK_MS)
  }
}
