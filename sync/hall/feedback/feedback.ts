/** What citizens have left at the terminals, for those who answer them: what stands in the clear, and what is sealed. */
import { z } from 'zod'
import { type EventData, eventData, eventType } from '../../protocol/events.ts'
import { type FeedbackKind, Said } from '../../protocol/feedback.ts'
import type { SealingKeyPair } from '../../protocol/keys.ts'
import { type SealedUser, type SealFault, unseal } from '../../protocol/sealing.ts'
import type { ReceivedEvent, Store } from '../store/store.ts'

export type Feedback = { deviceId: string } & {
  [Kind in FeedbackKind]: { kind: Kind; data: EventData<Kind> }
}[FeedbackKind]

/** All that a Date can be: the store walks every chain whole for any range. */
const EVER = [new Date(-8.64e15), new Date(8.64e15)] as const

/** Every one that is readable, the soonest answer first. */
export async function allFeedback(store: Store): Promise<Feedback[]> {
  const found: Feedback[] = []
  for await (const event of store.eventsBetween(...EVER)) {
    const one = feedbackIn(event)
    if (one !== null) found.push(one)
  }
  return found.sort((a, b) =>
    a.data.answerBy < b.data.answerBy ? -1 : a.data.answerBy > b.data.answerBy ? 1 : 0,
  )
}

function feedbackIn({ deviceId, type, text }: ReceivedEvent): Feedback | null {
  const kind = eventType(type)
  switch (kind) {
    case 'report':
    case 'complaint':
    case 'request': {
      const data = eventData[kind].safeParse(dataOf(text))
      return data.success ? ({ deviceId, kind, data: data.data } as Feedback) : null
    }
    default:
      return null
  }
}

const WithData = z.looseObject({ data: z.unknown() })

function dataOf(text: string): unknown {
  try {
    return WithData.parse(JSON.parse(text)).data
  } catch {
    return null
  }
}

export interface Revealed {
  said: Said | null
  user: SealedUser | null
  /** What could not be opened, and why. */
  faults: SealFault[]
}

/** Opens what is sealed. Whoever calls shows it to a person and keeps it nowhere. */
export async function revealed(
  { kind, deviceId, data }: Feedback,
  keys: readonly SealingKeyPair[],
): Promise<Revealed> {
  const faults: SealFault[] = []
  const open = async (jwe: string | null) => {
    if (jwe === null) return null
    const result = await unseal(jwe, keys, { purpose: kind, device: deviceId })
    if (result.ok) return result.unsealed.reveal()
    faults.push(result.code)
    return null
  }
  const [said, user] = [await open(data.said), await open(data.user)]
  return { said: saidIn(said?.text), user: user?.user ?? null, faults }
}

function saidIn(text: string | undefined): Said | null {
  if (text === undefined) return null
  try {
    return Said.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
