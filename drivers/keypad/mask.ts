/** What may be seen of a keypad's wire: everything, but while an answer is asked of a citizen, who may press any key. */
import type { ByteMask } from '../transport/tap.ts'

/** @param isSecret whether a press would be somebody's answer now */
export function keypadMask(isSecret: () => boolean): ByteMask {
  return {
    begin: () => {},
    shown: (direction, bytes) => {
      const shown = direction === 'out' || !isSecret()
      return Array.from(bytes, () => shown)
    },
  }
}
