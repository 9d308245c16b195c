/** The room `bundle`: one text for whoever mends this software, shown whole before it leaves the device. */
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { BundleAction, BundleState } from '../../http/contract.ts'
import { takeAlong } from '../take-along.ts'
import {
  DONE,
  type OtherRooms,
  refuse,
  type SetupAnswer,
  type SetupRoom,
  type Workshop,
} from '../workshop.ts'
import { type BundlePart, gatherBundle } from './gather.ts'

const MEDIA_TYPE = 'text/plain; charset=utf-8'

interface Made {
  shown: NonNullable<BundleState['made']>
  bytes: Buffer
}

export const openBundleRoom = (
  workshop: Workshop,
  others: OtherRooms,
  machine: Machine = THIS_MACHINE,
): SetupRoom<BundleState, BundleAction> => {
  let made: Made | null = null
  const along = takeAlong(workshop, machine, 'bundle')

  const make = (): SetupAnswer => {
    const at = new Date()
    const parts = gatherBundle(workshop, others.state())
    const bytes = Buffer.from(bundleText(parts, at))
    const stamp = formatInstant(at).slice(0, 19).replaceAll(/[-:]/g, '')
    const who = workshop.device()?.identity.deviceId ?? 'new-device'
    const file = `window24-support-${who}-${stamp}.txt`
    const names = parts.map(({ name }) => name)
    made = { shown: { file, at: formatInstant(at), bytes: bytes.length, parts: names }, bytes }
    along.forget()
    workshop.offer({ name: file, mediaType: MEDIA_TYPE, bytes })
    return DONE
  }
  const save = async (stick: string): Promise<SetupAnswer> => {
    if (made === null) return refuse('bundle-first', 'make the bundle first, and read it')
    return await along.save(stick, { name: made.shown.file, bytes: made.bytes })
  }
  const forget = (): void => {
    made = null
    along.forget()
  }

  return {
    state: () => ({
      state: made === null ? 'none' : 'made',
      made: made?.shown ?? null,
      saved: along.saved(),
    }),
    async act(action) {
      switch (action.type) {
        case 'make':
          return make()
        case 'save':
          return await save(action.stick)
        case 'discard':
          forget()
          return DONE
      }
    },
    left: forget,
    async close() {
      forget()
    },
  }
}

const bundleText = (parts: readonly BundlePart[], at: Date): string =>
  [
    `Window24 support bundle, ${formatInstant(at)}`,
    'No names, no numbers of persons, no keys, no passwords: what is kept back is marked.',
    ...parts.map(({ name, text }) => `\n==== ${name} ====\n${text === '' ? '(nothing)' : text}`),
    '',
  ].join('\n')
