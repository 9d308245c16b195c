/** What several event types hold alike (PROTOCOLS.md §1.2). */
import { z } from 'zod'

/** ECDH-ES agrees on the key directly, so the second of the five parts is empty (RFC 7518 §4.6). */
export const Sealed = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/, 'not a compact JWE of ECDH-ES')

/** `offsetMs` = hall − device, null before the first answer. */
export const ClockState = z.strictObject({ synchronized: z.boolean(), offsetMs: z.int().nullable() })
export type ClockState = z.infer<typeof ClockState>
