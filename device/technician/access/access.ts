/**
 * Who may use the technician's pages. The PIN is tried here: a try is counted on disk before it is looked at, each wrong
 * one doubles the wait, and pulling the plug takes nothing off it. One technician is in at a time; the device holds that
 * session, so that a page that is reloaded carries on, and ends it when nobody touches anything.
 */
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { hashPin, isPin, weaknessOf } from '../../../sync/protocol/staff-pin.ts'
import type { Language } from '../../http/contract/common.ts'
import type { AccessAction, SetupAccess } from '../../http/contract/setup.ts'
import type { Insight } from '../../insight.ts'
import { waitLeftMs } from '../../pin-wait.ts'
import { DONE, refuse, type SetupAnswer, type Workshop } from '../workshop.ts'
import type { HallKeys } from './hall-keys.ts'
import { type PinFile, readPinFile, writePinFile } from './kept-pin.ts'
import { askForReset } from './reset-code.ts'
import { judgeResetFile } from './reset-file.ts'

/** A technician who reads a manual comes back within; who has left forgot to leave. */
const IDLE_MS = 10 * 60_000

export interface AccessOptions {
  dataDir: string
  /** Whoever stands before it may choose the PIN: a machine that no hall knows holds nothing of anybody yet. */
  isBare: () => boolean
  deviceId: () => string | null
  device: () => Insight | null
  hall: HallKeys
  /** The newest file of a hall for a lost PIN on a stick. */
  resetFile: () => Promise<{ ok: true; bytes: Uint8Array } | { ok: false; code: string; detail: string }>
  record: Workshop['record']
  /** Somebody came in, or is in no more. */
  onSession: (isIn: boolean) => void
  onChange: () => void
  onTrouble: (error: unknown) => void
  idleMs?: number
}

export interface Access {
  state(): SetupAccess
  isIn(): boolean
  language(): Language
  act(action: AccessAction): Promise<SetupAnswer>
  /** Somebody has done something. */
  touch(): void
  close(): void
}

/** What lets somebody choose a new PIN without the old one. */
type Grant = { by: 'code' } | { by: 'stick'; file: string }

export const openAccess = (options: AccessOptions): Access => {
  const { dataDir, hall, record, onTrouble, idleMs = IDLE_MS } = options
  let pin: PinFile = readPinFile(dataDir)
  let language: Language = 'zh'
  let endsAtMs: number | null = null
  let idle: NodeJS.Timeout | undefined
  let grant: Grant | null = null
  let grantEnds: NodeJS.Timeout | undefined
  /** One after the other: no two tries are looked at for one that was counted. */
  let last: Promise<unknown> = Promise.resolve()

  const isIn = (): boolean => endsAtMs !== null
  const isNew = (): boolean => grant !== null || (pin.state === 'none' && options.isBare())

  const end = (): void => {
    clearTimeout(idle)
    if (endsAtMs === null) return
    endsAtMs = null
    options.onSession(false)
  }
  const touch = (): void => {
    if (endsAtMs === null) return
    endsAtMs = Date.now() + idleMs
    clearTimeout(idle)
    idle = setTimeout(() => {
      end()
      options.onChange()
    }, idleMs)
  }
  const begin = (): void => {
    const wasIn = isIn()
    endsAtMs = Date.now()
    touch()
    if (!wasIn) options.onSession(true)
  }
  const dropGrant = (): void => {
    clearTimeout(grantEnds)
    grant = null
  }
  const give = (next: Grant): SetupAnswer => {
    dropGrant()
    grant = next
    grantEnds = setTimeout(() => {
      grant = null
      options.onChange()
    }, idleMs)
    return DONE
  }

  const enter = async (typed: string): Promise<SetupAnswer> => {
    if (pin.state !== 'set') return NO_PIN[pin.state]
    const { kept } = pin
    const waitMs = waitLeftMs(kept.wrong, kept.triedAt, Date.now())
    if (waitMs > 0)
      return refuse('too-many-tries', `wrong before: the next try counts in ${Math.ceil(waitMs / 1000)} s`)
    const counted = { ...kept, wrong: kept.wrong + 1, triedAt: Date.now() }
    pin = { state: 'set', kept: counted }
    try {
      writePinFile(dataDir, counted)
    } catch (error) {
      // A full disk is what the technician has come for: the try counts in memory then.
      onTrouble(error)
    }
    if (!(await isPin(typed, counted.pin))) return refuse('wrong-pin', 'this is not the PIN of this device')
    pin = { state: 'set', kept: { ...counted, wrong: 0, triedAt: 0 } }
    try {
      writePinFile(dataDir, pin.kept)
    } catch (error) {
      onTrouble(error)
    }
    if (kept.wrong > 0) record({ fact: 'wrong-pins', count: kept.wrong })
    dropGrant()
    begin()
    return DONE
  }

  const setPin = async (typed: string): Promise<SetupAnswer> => {
    const allowed = () => isIn() || isNew()
    if (!allowed()) return refuse('locked', 'the PIN is set: enter it, or take the way of a lost PIN')
    const weakness = weaknessOf(typed, '')
    if (weakness !== null)
      return refuse(
        `pin-${weakness}`,
        'choose 6 to 12 digits that nobody tries first, neither a row nor a pattern',
      )
    const hash = await hashPin(typed)
    // Somebody else may have left, or chosen, in that time.
    if (!allowed()) return refuse('locked', 'the PIN is set: enter it, or take the way of a lost PIN')
    const by = isIn() ? null : grant
    try {
      if (by?.by === 'stick') hall.use(by.file)
      const kept = { version: 1, pin: hash, wrong: 0, triedAt: 0 } as const
      writePinFile(dataDir, kept)
      const how = by !== null ? (`reset-by-${by.by}` as const) : pin.state === 'none' ? 'set' : 'changed'
      pin = { state: 'set', kept }
      record({ fact: 'pin', how })
    } catch (error) {
      onTrouble(error)
      return refuse('cannot-keep', 'the disk is full or cannot be written: nothing was changed')
    }
    dropGrant()
    begin()
    return DONE
  }

  const resetByStick = async (): Promise<SetupAnswer> => {
    const file = await options.resetFile()
    if (!file.ok) return file
    const now = options.device()?.client.clock.toldNow() ?? new Date()
    const judged = judgeResetFile(file.bytes, { hall, deviceId: options.deviceId(), now })
    return judged.ok ? give({ by: 'stick', file: judged.id }) : judged
  }

  const acted = async (action: AccessAction): Promise<SetupAnswer> => {
    switch (action.type) {
      case 'enter':
        return await enter(action.pin)
      case 'set-pin':
        return await setPin(action.pin)
      case 'reset-by-code': {
        const answer = await askForReset(options.device(), action.code)
        return answer.ok ? give({ by: 'code' }) : answer
      }
      case 'reset-by-stick':
        return await resetByStick()
      case 'leave':
        dropGrant()
        end()
        return DONE
      case 'touch':
        touch()
        return DONE
      case 'language':
        language = action.language
        return DONE
      default:
        return action satisfies never
    }
  }

  return {
    state() {
      if (endsAtMs !== null) return { name: 'in', endsAt: formatInstant(new Date(endsAtMs)) }
      if (isNew()) return { name: 'new' }
      if (pin.state !== 'set') return { name: 'locked', retryAt: null, wrong: 0, pin: pin.state }
      const { wrong, triedAt } = pin.kept
      const waitMs = waitLeftMs(wrong, triedAt, Date.now())
      const retryAt = waitMs > 0 ? formatInstant(new Date(Date.now() + waitMs)) : null
      return { name: 'locked', retryAt, wrong, pin: 'set' }
    },
    isIn,
    language: () => language,
    act(action) {
      const done = last.then(() => acted(action))
      last = done.catch(() => {})
      return done
    },
    touch,
    close() {
      clearTimeout(idle)
      clearTimeout(grantEnds)
    },
  }
}

const NO_PIN = {
  none: refuse('no-pin', 'this device has no PIN yet: take the way of a lost PIN'),
  damaged: refuse('pin-damaged', 'what is kept of the PIN cannot be read: take the way of a lost PIN'),
} as const
