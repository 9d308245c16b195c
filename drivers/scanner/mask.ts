/** What may be seen of a scanner's wire: triggers and their answers, and where a code ends; never what a code says. */
import type { ByteMask } from '../transport/tap.ts'
import type { ScannerProfile, TriggerProfile } from './profile.ts'
import { fixedReply, ssiReply } from './replies.ts'

/** How codes end (DEVICES §2.1); neither is ever a part of a character in UTF-8 or GB18030. */
const ENDINGS = [0x0d, 0x0a]

/** A mask for one look at a scanner of that profile. */
export function scannerMask({ driver, trigger }: ScannerProfile): ByteMask {
  return {
    begin: () => {},
    shown: (direction, bytes) => {
      if (direction === 'out') return Array.from(bytes, () => true)
      // The first byte of a report is its number; everything else may be of a code, by whatever layout.
      if (driver === 'hid-pos') return Array.from(bytes, (_, at) => at === 0)
      const isReply = trigger !== null && isWholeReply(bytes, trigger.reply)
      return Array.from(bytes, (byte) => isReply || ENDINGS.includes(byte))
    },
  }
}

/** Only one that comes alone: what stands beside a code is hidden with it. */
function isWholeReply(bytes: Uint8Array, reply: TriggerProfile['reply']): boolean {
  if (reply.kind === 'none') return false
  const { firstBytes, match } = reply.kind === 'ssi' ? ssiReply : fixedReply(reply.bytes)
  if (!firstBytes.includes(bytes[0] ?? -1)) return false
  const found = match(bytes, 0)
  return typeof found === 'object' && found.bytes === bytes.length
}
