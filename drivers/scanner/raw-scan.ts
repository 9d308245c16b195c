/** The longest code there is, a QR code of version 40 in bytes, holds 2953; control characters come on top. */
export const MAX_SCAN_BYTES = 4096

/**
 * One code as it came, before it is text. `symbology` is there when the wire has a field of its own for it, such
 * as `Q1`. `incomplete` = parts of it are missing: half a code is never taken for a code.
 */
export type RawScan =
  | { kind: 'bytes'; bytes: Uint8Array; symbology?: string | undefined }
  | { kind: 'too-long' }
  | { kind: 'incomplete' }

/** What turns bytes of a wire into codes. No I/O, no clock: the driver says when the wire fell silent. */
export interface ScanParser {
  /** Codes that ended within this chunk, each in memory that the caller owns. */
  push(chunk: Uint8Array): RawScan[]
  /** A short silence: ends a code of a scanner that sends nothing behind it; any other may only be held up. */
  pause(): RawScan[]
  /** A long silence: ends or gives up whatever there is; afterwards nothing of a code is held. */
  silence(): RawScan[]
  /** Whether a silence has anything to end. */
  readonly unfinished: boolean
  /** Bytes of codes handed out, and of what carried them. Bytes in = framed + discarded + pending. */
  readonly framedBytes: number
  readonly discardedBytes: number
  readonly pendingBytes: number
}
