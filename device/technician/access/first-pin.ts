/** The PIN of a device that is set up from a file: nobody has stood at its screen to choose one. */
import { hashPin, type WeakPin, weaknessOf } from '../../../sync/protocol/staff-pin.ts'
import { openTechnicianFacts } from '../facts.ts'
import { readPinFile, writePinFile } from './kept-pin.ts'

export type FirstPin = { ok: true; state: 'given' | 'stays' } | { ok: false; weakness: WeakPin }

/** What is kept of one, whole or damaged, is never replaced from here: that is the way of a lost PIN. */
export const hasPin = (dataDir: string): boolean => readPinFile(dataDir).state !== 'none'

/** @throws the system's error when the folder cannot be written */
export const giveFirstPin = async (dataDir: string, pin: string): Promise<FirstPin> => {
  const weakness = weaknessOf(pin, '')
  if (weakness !== null) return { ok: false, weakness }
  if (hasPin(dataDir)) return { ok: true, state: 'stays' }
  writePinFile(dataDir, { version: 1, pin: await hashPin(pin), wrong: 0, triedAt: 0 })
  const facts = openTechnicianFacts(
    dataDir,
    () => null,
    (error) => {
      throw error
    },
  )
  facts.record({ fact: 'pin', how: 'set' })
  return { ok: true, state: 'given' }
}
