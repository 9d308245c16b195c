/** Half of the usual 4 kB receive buffer: the rest is for what the watching of the printer takes notice of late. */
const AHEAD_BYTES = 2048

/**
 * How far the bytes that were sent are ahead of the slowest paper. A serial line of three wires cannot hold its
 * sender back, and a buffer that runs over loses bytes unseen. No clock: moments are given, in milliseconds.
 */
export class PaperAhead {
  /** What may still be in the buffer, oldest first. */
  #sent: { bytes: number; printedAtMs: number }[] = []

  sent(bytes: number, paperMs: number, nowMs: number): void {
    this.#forgetPrinted(nowMs)
    const begins = Math.max(this.#sent.at(-1)?.printedAtMs ?? 0, nowMs)
    this.#sent.push({ bytes, printedAtMs: begins + paperMs })
  }

  /** The moment from which so many bytes more have room; in the past when they have it already. */
  roomAtMs(bytes: number, nowMs: number): number {
    this.#forgetPrinted(nowMs)
    let ahead = this.#sent.reduce((sum, piece) => sum + piece.bytes, 0)
    let atMs = nowMs
    for (const piece of this.#sent) {
      if (ahead + bytes <= AHEAD_BYTES) break
      ahead -= piece.bytes
      atMs = piece.printedAtMs
    }
    return atMs
  }

  /** Questions are sent for days before the next receipt: they are not gathered until then. */
  #forgetPrinted(nowMs: number): void {
    this.#sent = this.#sent.filter(({ printedAtMs }) => printedAtMs > nowMs)
  }

  /** The paper stood still for so long. */
  stood(ms: number): void {
    for (const piece of this.#sent) piece.printedAtMs += ms
  }
}
