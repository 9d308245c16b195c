/** What a technician types of a hall: an address whose prefix may be left out, a code as it was told. */
import { HallAddressError, hallOrigin } from '../../../sync/hall-address.ts'
import { normalizeEnrolmentCode } from '../../../sync/protocol/devices.ts'
import { refuse, type SetupAnswer } from '../workshop.ts'

/** `refused`: `hall-address` or `code-malformed`. */
export type TypedHall = { refused: SetupAnswer } | { refused: null; url: string; code: string | null }

export const readTypedHall = (typed: string, typedCode: string | null): TypedHall => {
  const address = typed.trim().replace(/\/+$/, '')
  const whole = /^[a-z]+:\/\//i.test(address) ? address : `https://${address}`
  const code = typedCode?.trim() ? normalizeEnrolmentCode(typedCode) : null
  try {
    const url = hallOrigin(whole)
    if (code !== null || !typedCode?.trim()) return { refused: null, url, code }
  } catch (error) {
    if (!(error instanceof HallAddressError)) throw error
    return { refused: refuse('hall-address', error.message) }
  }
  const wanted = 'an enrolment code is 10 letters and digits, as the hall printed it'
  return { refused: refuse('code-malformed', wanted) }
}
