/** A code that the hall gave for a lost PIN: the device asks the hall about it, signed by its own key. */
import { normalizeEnrolmentCode } from '../../../sync/protocol/devices.ts'
import type { Insight } from '../../insight.ts'
import { DONE, refuse, type SetupAnswer } from '../workshop.ts'

const TOO_OLD = refuse(
  'hall-too-old',
  'the hall does not know of such codes: use a stick, or bring its software up to date',
)

/** @param device null while none runs: then nobody can be asked */
export const askForReset = async (
  device: Pick<Insight, 'client' | 'identity'> | null,
  typed: string,
): Promise<SetupAnswer> => {
  const code = normalizeEnrolmentCode(typed)
  if (code === null)
    return refuse('code-malformed', 'a code is 10 letters and digits, as the hall printed it')
  if (device === null)
    return refuse('nothing-runs', 'no device runs here that could ask the hall: use a stick')
  if (device.identity.deviceId === null)
    return refuse('not-enrolled', 'no hall knows this device, so none can be asked')
  const answer = await device.client.technicianCode(code)
  if (answer.ok) return DONE
  switch (answer.kind) {
    case 'no-answer':
      return refuse('line-down', 'the hall does not answer: try again, or use a stick')
    case 'problem':
      return answer.problem.code === 'not-found'
        ? TOO_OLD
        : refuse(answer.problem.code, answer.problem.detail)
    case 'unexpected':
      return TOO_OLD
    default:
      return answer satisfies never
  }
}
